package io.aki.client;

import java.util.Set;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * The observation context of a request. A request has one observation, from the call
 * until the end of its job, for any number of exchanges with the server.
 * <p>
 * A trace contains it as a span of the kind client. It has no carrier, because the HTTP
 * exchange that starts the job propagates the trace to the server.
 * <p>
 * The context never contains the API key. The client sets its values; conventions and
 * handlers read them.
 *
 * @since 1.0.0
 * @see AkiObservationConvention
 */
public final class AkiRequestObservationContext extends SenderContext<Object> {

	/**
	 * How the client waits for the result.
	 *
	 * @since 1.0.0
	 */
	public enum Mode {

		/** One exchange that the server answers when the result is available. */
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
		// a span of the kind client, as the conventions require; the HTTP exchange
		// propagates the trace to the server
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
	 * Return how the client waits for the result.
	 * @return the mode
	 */
	public Mode getMode() {
		return this.mode;
	}

	/**
	 * Return the names of the request's parameters.
	 * @return the names, empty for a job that was resumed
	 */
	public Set<String> getParameterNames() {
		return this.parameterNames;
	}

	/**
	 * Return the request's parameters, if {@link AkiObservationConvention#needsPrompt()
	 * the convention needs them}.
	 * @return a JSON object of at most 10,000 characters without binary values;
	 * {@code null} if the convention does not need it, and for a job that was resumed
	 */
	public @Nullable String getPrompt() {
		return this.prompt;
	}

	/**
	 * Return the job's id.
	 * @return the id, or {@code null} until the server has accepted the job; with
	 * {@link Mode#WAIT} until the request has ended
	 */
	public @Nullable String getJobId() {
		return this.jobId;
	}

	void setJobId(@Nullable String jobId) {
		this.jobId = jobId;
	}

	/**
	 * Return the result.
	 * @return the result or the failure; {@code null} until the request has ended, and
	 * for a request that ended with another exception, such as the one for a missing API
	 * key
	 */
	public @Nullable AkiResult getResult() {
		return this.result;
	}

	void setResult(AkiResult result) {
		this.result = result;
	}

	/**
	 * Return whether the request ended because the job was canceled or the client was
	 * closed, which is not an error.
	 * @return {@code true} for a result that was canceled
	 */
	public boolean isCanceled() {
		AkiResult result = this.result;
		Failure failure = (result != null) ? result.failure() : null;
		return failure != null && failure.kind() == Failure.Kind.CANCELED;
	}

}
