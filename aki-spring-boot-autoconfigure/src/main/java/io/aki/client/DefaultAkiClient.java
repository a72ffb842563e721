package io.aki.client;

import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * An {@link AkiClient}, or a view of one: what is shared, and the endpoint that is not.
 */
final class DefaultAkiClient implements AkiClient {

	private static final Pattern PATH_SEGMENT = Pattern.compile("(?!\\.*$)[A-Za-z0-9._~-]+");

	private final ClientCore core;

	private final @Nullable String endpoint;

	private final boolean view;

	DefaultAkiClient(ClientCore core, @Nullable String endpoint, boolean view) {
		this.core = core;
		this.endpoint = endpoint;
		this.view = view;
	}

	static String checkEndpoint(@Nullable String name) {
		Assert.hasText(name, "The endpoint's name must not be empty");
		Assert.isTrue(PATH_SEGMENT.matcher(name).matches(),
				() -> "'" + name + "' is not the name of an endpoint: it must be one path segment of letters, digits,"
						+ " '-', '_', '.' and '~', such as llama3_8b_chat. getEndpointList() tells the names");
		return name;
	}

	@Override
	public Builder mutate() {
		return new DefaultAkiClientBuilder(this.core, this.endpoint);
	}

	@Override
	public AkiClient forEndpoint(String endpoint) {
		return new DefaultAkiClient(this.core, checkEndpoint(endpoint), true);
	}

	@Override
	public AkiResult doApiRequest(Map<String, ?> params) {
		return this.core.waitOnServer(requiredEndpoint(), params);
	}

	@Override
	public AkiResult doApiRequest(Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return (callback != null) ? this.core.startAndWait(requiredEndpoint(), params, callback) : doApiRequest(params);
	}

	@Override
	public AkiJob doApiRequestAsync(Map<String, ?> params) {
		return doApiRequestAsync(params, null);
	}

	@Override
	public AkiJob doApiRequestAsync(Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return this.core.start(requiredEndpoint(), params, callback);
	}

	@Override
	public AkiResult doApiRequestAwait(Map<String, ?> params) {
		return doApiRequestAwait(params, null);
	}

	@Override
	public AkiResult doApiRequestAwait(Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return this.core.startAndWait(requiredEndpoint(), params, callback);
	}

	@Override
	public AkiJob resume(String jobId) {
		return resume(jobId, null);
	}

	@Override
	public AkiJob resume(String jobId, @Nullable AkiProgressCallback callback) {
		return this.core.resume(requiredEndpoint(), jobId, callback);
	}

	@Override
	public AkiKeyValidation initApiKey() {
		return this.core.validateKey();
	}

	@Override
	public AkiKeyValidation initApiKey(String apiKey) {
		setApiKey(apiKey);
		return initApiKey();
	}

	@Override
	public void setApiKey(String apiKey) {
		this.core.keys().set(apiKey);
	}

	@Override
	public AkiEndpointList getEndpointList() {
		return this.core.endpoints(this.core.keys().find());
	}

	@Override
	public AkiEndpointList getEndpointList(String apiKey) {
		return this.core.endpoints(ApiKeys.check(apiKey));
	}

	@Override
	public AkiEndpointDetails getEndpointDetails(String name) {
		return this.core.endpoint(checkEndpoint(name), this.core.keys().require());
	}

	@Override
	public AkiEndpointDetails getEndpointDetails(String name, String apiKey) {
		return this.core.endpoint(checkEndpoint(name), ApiKeys.check(apiKey));
	}

	@Override
	public void cancelRequest() {
		this.core.cancelAll();
	}

	@Override
	public AkiResult cancelRequest(String jobId) {
		Assert.hasText(jobId, "'jobId' must not be empty");
		return this.core.cancel(jobId, this::requiredEndpoint);
	}

	@Override
	public void appendProgressInputParams(String jobId, Map<String, ?> params) {
		this.core.append(jobId, params);
	}

	@Override
	public String apiServer() {
		return this.core.settings().apiServer();
	}

	@Override
	public @Nullable String endpoint() {
		return this.endpoint;
	}

	@Override
	public AkiActivity activity() {
		return this.core.resources();
	}

	@Override
	public void close() {
		if (!this.view) {
			this.core.close();
		}
	}

	private String requiredEndpoint() {
		Assert.state(this.endpoint != null, "No endpoint is chosen: set the property 'aki.io.endpoint', or call"
				+ " forEndpoint(\"llama3_8b_chat\") or AkiClient.Builder.endpoint(…)");
		return this.endpoint;
	}

	@Override
	public String toString() {
		return "AkiClient[" + this.core.settings().apiServer() + ", endpoint "
				+ ((this.endpoint != null) ? this.endpoint : "none") + "]";
	}

}
