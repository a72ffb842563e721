package io.aki.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A job that a client follows in the background. Thread-safe.
 * <p>
 * Print an answer while the model writes it: <pre class="code">
 * try (Stream&lt;String&gt; text = aki.doApiRequestAsync(params).text()) {
 *     text.forEach(System.out::print);
 * }
 * </pre>
 * <p>
 * <strong>Readers.</strong> The progress and the text can be read with a callback, with
 * streams and with publishers, in any combination. The server sends the state so far with
 * each poll, so that a slow reader needs no buffer: it gets the newest progress, or all
 * the text that it has not read yet.
 * <p>
 * The streams and the subscriptions of a job are its readers. When the last reader is
 * closed or canceled before the job has ended, the job is canceled, because nobody is
 * interested in it any more and it costs money. As long as there is another reader the
 * job continues. {@link #keepRunning()} lets it continue in any case. A callback and the
 * {@link #result()} are not readers.
 *
 * @since 1.0.0
 * @see AkiClient#doApiRequestAsync(java.util.Map)
 * @see AkiClient#resume(String)
 */
public interface AkiJob {

	/**
	 * Return the job's id. Use it to resume or to cancel the job, also in another
	 * application. The id contains a {@code #}.
	 * @return the id, or {@code null} until the server has accepted the job
	 */
	@Nullable String jobId();

	/**
	 * Return the future result. With {@code raise-exceptions} a failure completes it
	 * exceptionally with an {@link AkiException}. Otherwise it completes with a result
	 * whose {@link AkiResult#success()} is {@code false}. If the job's callback throws an
	 * exception, the future completes exceptionally with this exception.
	 * <p>
	 * Canceling the future cancels the job. Functions that are registered on the future
	 * run in a callback thread of the client (see {@link AkiConcurrency}) and may send
	 * further requests. A wait for the result in the job's own callback, or in a thread
	 * of Reactor that must not block, throws an {@link IllegalStateException}.
	 * @return the result, always the same future
	 */
	CompletableFuture<AkiResult> result();

	/**
	 * Return the progress as a stream. Its reader waits for each new element. The stream
	 * ends with the job. With {@code raise-exceptions} the reader gets a failure of the
	 * job as an {@link AkiException}. Close the stream: an open stream is a reader.
	 * @return a new stream that starts with the newest progress
	 */
	Stream<AkiProgress> progress();

	/**
	 * Return the progress as a publisher that honors demand, for Reactor, RxJava or a
	 * WebFlux controller. It completes with the job. With {@code raise-exceptions} a
	 * failure of the job is an error signal. A subscriber is called in a callback thread
	 * of the client or in the thread that requests elements. It delays only its own job.
	 * @return a publisher for any number of subscribers
	 */
	Flow.Publisher<AkiProgress> publisher();

	/**
	 * Return the model's answer as a stream of pieces of text. Its reader waits for each
	 * new piece. The pieces add up to {@link AkiResult#answer()}: they do not contain the
	 * model's reasoning, and the last one comes with the result. No piece is empty or
	 * ends with half of a character.
	 * <p>
	 * If the job fails, or is canceled, the reader gets the text so far and then an
	 * {@link AkiException}, also without {@code raise-exceptions}. Close the stream: an
	 * open stream is a reader.
	 * @return a new stream that starts at the beginning of the answer
	 */
	Stream<String> text();

	/**
	 * Return the model's answer as a publisher of pieces of text that honors demand. The
	 * pieces are those of {@link #text()}. If the job fails, or is canceled, there is an
	 * error signal with an {@link AkiException} after the text so far, also without
	 * {@code raise-exceptions}. A subscriber is called in the same threads as one of
	 * {@link #publisher()}.
	 * @return a publisher for any number of subscribers
	 */
	Flow.Publisher<String> textPublisher();

	/**
	 * Let the job continue when its last reader is closed or canceled.
	 * @return this job
	 */
	AkiJob keepRunning();

	/**
	 * Cancel the job on the server. The method does not wait. If a poll is running, its
	 * response is read first. If that response contains the result, {@link #result()}
	 * completes with it.
	 */
	void cancel();

	/**
	 * Stop following the job. It is not canceled: it continues on the server, and
	 * {@link AkiClient#resume(String)} follows it again, in this or in another
	 * application. The method does not wait. The response of a running poll is still
	 * read, because it may contain the result. Otherwise {@link #result()} ends with a
	 * failure. If the server has not yet answered the request that starts the job, the
	 * job may run on the server although no client polls it.
	 */
	void detach();

}
