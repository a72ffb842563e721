package io.aki.spring.web;

import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.client.AkiJob;
import io.aki.client.AkiJobState;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A job as a stream of server-sent events, returned by a controller of Spring MVC or
 * WebFlux: <pre class="code">
 * &#64;PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
 * AkiEventStream chat(&#64;RequestBody Question question) {
 *     return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text()));
 * }
 * </pre> Start jobs with POST: any web page can trigger a GET, with an {@code <img>} for
 * example, and each job costs money.
 * <p>
 * <strong>Events.</strong> The data of each event is a JSON object:
 * <ul>
 * <li>{@code progress}: {@code job_id}, {@code progress} in per cent,
 * {@code queue_position}, {@code estimate} in seconds, {@code job_state} (the
 * {@link AkiJobState#value() value} of the state), and {@code data} if there are partial
 * results other than text. A number that is unknown is -1</li>
 * <li>{@code delta}: {@code text}, a piece of {@link AkiResult#answer()}</li>
 * <li>{@code thinking}: {@code text}, a piece of {@link AkiResult#thinking()}</li>
 * <li>{@code done}: the {@link AkiResult#toPublicMap() public result}</li>
 * <li>{@code failure}: a problem detail, see {@link AkiProblemDetails}</li>
 * </ul>
 * Exactly one {@code done} or {@code failure} ends the stream. A stream that ends without
 * them is incomplete. If the job fails before the first event, for example because the
 * server rejects the parameters, there is no stream: the controller throws the
 * {@link AkiException}, and the response is a problem detail with its status.
 * <p>
 * <strong>If the client disconnects</strong>, the job is canceled, unless the job has
 * another reader (see {@link AkiJob}) or the stream is {@link #reconnectable(String)
 * reconnectable}. The stream sends a comment every {@code aki.io.web.heartbeat}, to
 * detect that its client has disconnected. For a slow client, progress events are skipped
 * and pieces of text are combined, so that nothing is queued. The only time limit of a
 * stream is {@code aki.io.job-timeout}.
 * <p>
 * Immutable and thread-safe. No thread waits for a job or for a client.
 *
 * @since 1.0.0
 */
public final class AkiEventStream {

	private final JobSource source;

	private final @Nullable String owner;

	private AkiEventStream(JobSource source, @Nullable String owner) {
		this.source = source;
		this.owner = owner;
	}

	/**
	 * Create a stream of a new job. The job starts when the controller has returned.
	 * @param client starts the job
	 * @param params the parameters of the request
	 * @return a stream
	 */
	public static AkiEventStream of(AkiClient client, Map<String, ?> params) {
		Assert.notNull(client, "'client' must not be null");
		Assert.notNull(params, "'params' must not be null");
		return new AkiEventStream(new NewJob(client, params), null);
	}

	/**
	 * Create a stream of a job that runs already.
	 * @param job the job
	 * @return a stream
	 */
	public static AkiEventStream of(AkiJob job) {
		Assert.notNull(job, "'job' must not be null");
		return new AkiEventStream(new RunningJob(job), null);
	}

	/**
	 * Let a client whose connection broke continue the stream. The events then have an
	 * {@code id}. A client that sends the last id as the header {@code Last-Event-ID}
	 * with the same request gets the rest of the stream, and no second job is started.
	 * <p>
	 * The id is an encrypted and signed token. Only the same owner can use it, and only
	 * for the same endpoint: other tokens are rejected with status 403.
	 * <p>
	 * By default a token is valid in the process that created it, and the job is canceled
	 * when no client has been connected for {@code aki.io.web.reconnect-timeout}. If an
	 * application has several instances, give them the same
	 * {@code aki.io.web.token-secret}: then each of them can continue a stream. In this
	 * case an instance whose last client disconnects stops following the job at once and
	 * does not cancel it. The client may reconnect to another instance, and the server
	 * returns the result only once.
	 * @param owner who may continue the stream, such as the name of the user
	 * @return a stream
	 * @throws IllegalStateException if this is a stream of a running job: a client that
	 * reconnects calls the controller again, which would start another job
	 */
	public AkiEventStream reconnectable(String owner) {
		Assert.hasText(owner, "'owner' must not be empty");
		Assert.state(this.source instanceof NewJob,
				"A stream of a running job cannot be reconnectable: the controller would start another job when the"
						+ " client reconnects. Use AkiEventStream.of(client, params)");
		return new AkiEventStream(this.source, owner);
	}

	JobSource source() {
		return this.source;
	}

	@Nullable String owner() {
		return this.owner;
	}

	/**
	 * Where the job of a stream comes from.
	 */
	sealed interface JobSource {

	}

	/**
	 * A job that is still to be started.
	 *
	 * @param client starts the job
	 * @param params the parameters of the request
	 */
	record NewJob(AkiClient client, Map<String, ?> params) implements JobSource {

	}

	/**
	 * A job that runs already.
	 *
	 * @param job the job
	 */
	record RunningJob(AkiJob job) implements JobSource {

	}

}
