package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * An {@link AkiClient} or a view of one, which differs in its endpoint.
 */
final class DefaultAkiClient implements AkiClient {

	private final ClientCore core;

	private final @Nullable String endpoint;

	private final boolean view;

	DefaultAkiClient(ClientCore core, @Nullable String endpoint, boolean view) {
		this.core = core;
		this.endpoint = endpoint;
		this.view = view;
	}

	@Override
	public Builder mutate() {
		return new DefaultAkiClientBuilder(this.core, this.endpoint);
	}

	@Override
	public AkiClient forEndpoint(String endpoint) {
		return new DefaultAkiClient(this.core, EndpointName.check(endpoint), true);
	}

	@Override
	public AkiResult doApiRequest(Map<String, ?> params) {
		return this.core.call(requiredEndpoint(), params);
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
		return this.core.endpoint(EndpointName.check(name), this.core.keys().require());
	}

	@Override
	public AkiEndpointDetails getEndpointDetails(String name, String apiKey) {
		return this.core.endpoint(EndpointName.check(name), ApiKeys.check(apiKey));
	}

	@Override
	public void cancelRequest() {
		this.core.cancelRequest();
	}

	@Override
	public void cancelAll() {
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
		return this.core.settings().apiServer().value();
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
		Assert.state(this.endpoint != null, "No endpoint is set: set the property 'aki.io.endpoint', or call"
				+ " forEndpoint(\"llama3_8b_chat\") or AkiClient.Builder.endpoint(…)");
		return this.endpoint;
	}

	@Override
	public String toString() {
		return "AkiClient[" + this.core.settings().apiServer() + ", endpoint "
				+ ((this.endpoint != null) ? this.endpoint : "none") + "]";
	}

}
