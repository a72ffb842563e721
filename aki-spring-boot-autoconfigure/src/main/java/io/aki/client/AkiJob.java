package io.aki.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A job that a client follows in the background. Thread-safe.
 * <p>
 * Its progress can be had in three ways that may be mixed: a callback, a
 * {@link #progress() stream} to read in a loop, and a {@link #publisher()} for reactive
 * code. Progress is cumulative, so a reader that is slower than the server misses
 * nothing: events that it has not read give way to newer ones.
 *
 * @since 1.0.0
 * @see AkiClient#doApiRequestAsync(java.util.Map)
 * @see AkiClient#resume(String)
 */
public interface AkiJob {

	/**
	 * Return the job's id at the server, under which it can be resumed or canceled
	 * elsewhere too. It contains a {@code #}.
	 * @return the id, or {@code null} until the server has accepted the job
	 */
	@Nullable String jobId();

	/**
	 * Return the future result. With {@code raise-exceptions} a failure completes it
	 * exceptionally with an {@link AkiException}; otherwise it completes with a result
	 * whose {@link AkiResult#success()} is {@code false}. An exception of the job's
	 * callback completes it exceptionally with this exception.
	 * <p>
	 * Canceling the future cancels the job. Actions that depend on it run on a callback
	 * thread of the client (see {@link AkiConcurrency}), and may make further requests.
	 * @return the result, always the same future
	 */
	CompletableFuture<AkiResult> result();

	/**
	 * Return the progress as a stream that blocks its reader until there is news, and
	 * ends with the job. With {@code raise-exceptions} a failure of the job is thrown to
	 * the reader. Closing the stream cancels the job, if it has not ended, and ends a
	 * thread that still reads it. Each call returns a stream of its own.
	 * @return the progress from now on; a job that has reported before begins with its
	 * latest report
	 */
	Stream<AkiProgress> progress();

	/**
	 * Return the progress as a publisher that honours demand, for Reactor, RxJava or a
	 * WebFlux controller. It completes with the job; with {@code raise-exceptions} a
	 * failure of the job is an error. Canceling a subscription cancels the job, if it has
	 * not ended. A subscriber gets each report on a callback thread of the client or, if
	 * it asks for one that is there, on its own, and holds up no other job.
	 * @return a publisher that any number of subscribers may use
	 */
	Flow.Publisher<AkiProgress> publisher();

	/**
	 * Ask the server to cancel the job and return at once: the cancel goes out when the
	 * poll that is on its way, if any, has been answered. Whether the job still finished
	 * in time tells its {@link #result()}.
	 */
	void cancel();

}
