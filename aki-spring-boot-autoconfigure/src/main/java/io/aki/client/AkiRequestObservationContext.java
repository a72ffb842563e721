package io.aki.client;

import java.util.Set;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request while it is observed. One observation is one job, from the
 * call to the job's end, however many exchanges with the server that takes.
 * <p>
 * A trace shows it as a span of the kind client. It has no carrier: what takes the trace
 * to the server is the HTTP exchange that starts the job.
 * <p>
 * The API key is nowhere in it. It is filled by the client; conventions and handlers read
 * it.
 *
 * @since 1.0.0
 * @see AkiObservationConvention
 */
public final class AkiRequestObservationContext extends SenderContext<Object> {

	/**
	 * How the result is waited for.
	 *
	 * @since 1.0.0
	 */
	public enum Mode {

		/** One exchange that the server answers when the result is there. */
		WAIT,

		/** The job is started and then polled. */
		POLL,

		/** A job that was started before is polled. */
		RESUME

	}

	private final String apiServer;

	private final String endpoint;

	private final Mode mode;

	private final Set<String> parameterNames;

	private final @Nullable String prompt;

	private volatile @Nullable String jobId;

	private volatile @Nullable AkiResult result;

	AkiRequestObservationContext(String apiServer, String endpoint, Mode mode, Set<String> parameterNames,
			@Nullable String prompt, @Nullable String jobId) {
		// a span of kind client, as the conventions want it; what carries the trace to
		// the server is the HTTP exchange below
		super((carrier, key, value) -> {
		}, Kind.CLIENT);
		setRemoteServiceName(DefaultAkiObservationConvention.PROVIDER);
		setRemoteServiceAddress(apiServer);
		this.apiServer = apiServer;
		this.endpoint = endpoint;
		this.mode = mode;
		this.parameterNames = Set.copyOf(parameterNames);
		this.prompt = prompt;
		this.jobId = jobId;
	}

	/**
	 * Return the server.
	 * @return its base URL, without user, query or fragment
	 */
	public String getApiServer() {
		return this.apiServer;
	}

	/**
	 * Return the endpoint.
	 * @return the endpoint's name
	 */
	public String getEndpoint() {
		return this.endpoint;
	}

	/**
	 * Return how the result is waited for.
	 * @return the mode
	 */
	public Mode getMode() {
		return this.mode;
	}

	/**
	 * Return which parameters the request has.
	 * @return the names alone; empty for a job that was resumed
	 */
	public Set<String> getParameterNames() {
		return this.parameterNames;
	}

	/**
	 * Return the request's parameters, where
	 * {@link AkiObservationConvention#needsPrompt() the convention needs them}.
	 * @return a JSON object of at most 10,000 characters, in which binary values are left
	 * out; {@code null} if not needed, and for a job that was resumed
	 */
	public @Nullable String getPrompt() {
		return this.prompt;
	}

	/**
	 * Return the job's id.
	 * @return the id, or {@code null} until the server has accepted the job; for a
	 * request that {@link Mode#WAIT waits on the server} until it has ended
	 */
	public @Nullable String getJobId() {
		return this.jobId;
	}

	void setJobId(@Nullable String jobId) {
		this.jobId = jobId;
	}

	/**
	 * Return the result.
	 * @return the result or the failure, or {@code null} until the request has ended, and
	 * where it ended with an exception that says nothing of the server, such as a missing
	 * API key
	 */
	public @Nullable AkiResult getResult() {
		return this.result;
	}

	void setResult(AkiResult result) {
		this.result = result;
	}

	/**
	 * Return whether the request ended because someone canceled the job or closed the
	 * client, which is no error.
	 * @return {@code true} for a result that was canceled
	 */
	public boolean isCanceled() {
		AkiResult result = this.result;
		Failure failure = (result != null) ? result.failure() : null;
		return failure != null && failure.kind() == Failure.Kind.CANCELED;
	}

}
