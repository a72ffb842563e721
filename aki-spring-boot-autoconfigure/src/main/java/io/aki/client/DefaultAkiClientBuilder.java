package io.aki.client;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.http.JdkHttpEngine;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * Default implementation of {@link AkiClient.Builder}.
 */
final class DefaultAkiClientBuilder implements AkiClient.Builder {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final @Nullable ClientCore parent;

	private ClientSettings settings = ClientSettings.DEFAULT;

	private boolean connectTimeoutSet;

	private @Nullable ApiKeySource apiKey;

	private @Nullable AkiConcurrency concurrency;

	private @Nullable TaskDecorator taskDecorator;

	private RestClient.@Nullable Builder restClientBuilder;

	private JobObservations observations = JobObservations.NONE;

	private RequestGuards guards = RequestGuards.NONE;

	private Timing timing = Timing.REAL;

	DefaultAkiClientBuilder() {
		this.parent = null;
	}

	/**
	 * Create a builder with the settings of a client.
	 */
	DefaultAkiClientBuilder(ClientCore parent, @Nullable String endpoint) {
		this.parent = parent;
		this.settings = parent.settings().withEndpoint(endpoint);
		this.apiKey = parent.keys().source();
		this.taskDecorator = parent.taskDecorator();
		this.observations = parent.observations();
		this.guards = parent.guards();
		this.timing = parent.timing();
	}

	@Override
	public AkiClient.Builder apiServer(String apiServer) {
		this.settings = this.settings.withApiServer(apiServer);
		return this;
	}

	@Override
	public AkiClient.Builder apiKey(String apiKey) {
		this.apiKey = ApiKeySource.of(apiKey, "AkiClient.Builder.apiKey(…)");
		return this;
	}

	@Override
	public AkiClient.Builder apiKey(Supplier<String> apiKey) {
		return apiKey(apiKey, () -> "the supplier of AkiClient.Builder.apiKey(Supplier)");
	}

	@Override
	public AkiClient.Builder apiKey(Supplier<String> apiKey, Supplier<String> source) {
		Assert.notNull(apiKey, "'apiKey' must not be null");
		Assert.notNull(source, "'source' must not be null");
		this.apiKey = new ApiKeySource(apiKey, source);
		return this;
	}

	@Override
	public AkiClient.Builder endpoint(String endpoint) {
		Assert.notNull(endpoint, "'endpoint' must not be null");
		this.settings = this.settings.withEndpoint(endpoint);
		return this;
	}

	@Override
	public AkiClient.Builder outputBinaryFormat(AkiOutputBinaryFormat outputBinaryFormat) {
		this.settings = this.settings.withOutputBinaryFormat(outputBinaryFormat);
		return this;
	}

	@Override
	public AkiClient.Builder raiseExceptions(boolean raiseExceptions) {
		this.settings = this.settings.withRaiseExceptions(raiseExceptions);
		return this;
	}

	@Override
	public AkiClient.Builder progressInterval(Duration progressInterval) {
		this.settings = this.settings.withProgressInterval(progressInterval);
		return this;
	}

	@Override
	public AkiClient.Builder returnToolCallDict(boolean returnToolCallDict) {
		this.settings = this.settings.withReturnToolCallDict(returnToolCallDict);
		return this;
	}

	@Override
	public AkiClient.Builder connectTimeout(Duration connectTimeout) {
		this.settings = this.settings.withConnectTimeout(connectTimeout);
		this.connectTimeoutSet = true;
		return this;
	}

	@Override
	public AkiClient.Builder readTimeout(Duration readTimeout) {
		this.settings = this.settings.withReadTimeout(readTimeout);
		return this;
	}

	@Override
	public AkiClient.Builder progressTimeout(Duration progressTimeout) {
		this.settings = this.settings.withProgressTimeout(progressTimeout);
		return this;
	}

	@Override
	public AkiClient.Builder jobTimeout(Duration jobTimeout) {
		this.settings = this.settings.withJobTimeout(jobTimeout);
		return this;
	}

	@Override
	public AkiClient.Builder cancelTimeout(Duration cancelTimeout) {
		this.settings = this.settings.withCancelTimeout(cancelTimeout);
		return this;
	}

	@Override
	public AkiClient.Builder outageTimeout(Duration outageTimeout) {
		this.settings = this.settings.withOutageTimeout(outageTimeout);
		return this;
	}

	@Override
	public AkiClient.Builder cancelOnClose(boolean cancelOnClose) {
		this.settings = this.settings.withCancelOnClose(cancelOnClose);
		return this;
	}

	@Override
	public AkiClient.Builder retry(AkiRetryPolicy retry) {
		this.settings = this.settings.withRetry(retry);
		return this;
	}

	@Override
	public AkiClient.Builder maxResponseSize(DataSize maxResponseSize) {
		this.settings = this.settings.withMaxResponseSize(maxResponseSize);
		return this;
	}

	@Override
	public AkiClient.Builder requestLogging(AkiRequestLogging requestLogging) {
		this.settings = this.settings.withRequestLogging(requestLogging);
		return this;
	}

	@Override
	public AkiClient.Builder requestGuard(AkiRequestGuard requestGuard) {
		Assert.notNull(requestGuard, "'requestGuard' must not be null");
		return requestGuards((guards) -> guards.add(requestGuard));
	}

	@Override
	public AkiClient.Builder requestGuards(Consumer<List<AkiRequestGuard>> requestGuards) {
		Assert.notNull(requestGuards, "'requestGuards' must not be null");
		List<AkiRequestGuard> guards = new ArrayList<>(this.guards.guards());
		requestGuards.accept(guards);
		this.guards = this.guards.withGuards(guards);
		return this;
	}

	@Override
	public AkiClient.Builder principal(Supplier<? extends @Nullable Principal> principal) {
		Assert.notNull(principal, "'principal' must not be null");
		this.guards = this.guards.withPrincipal(principal);
		return this;
	}

	@Override
	public AkiClient.Builder concurrency(AkiConcurrency concurrency) {
		Assert.notNull(concurrency, "'concurrency' must not be null");
		this.concurrency = concurrency;
		return this;
	}

	@Override
	public AkiClient.Builder taskDecorator(TaskDecorator taskDecorator) {
		Assert.notNull(taskDecorator, "'taskDecorator' must not be null");
		this.taskDecorator = taskDecorator;
		return this;
	}

	@Override
	public AkiClient.Builder restClientBuilder(RestClient.Builder restClientBuilder) {
		Assert.notNull(restClientBuilder, "'restClientBuilder' must not be null");
		this.restClientBuilder = restClientBuilder;
		return this;
	}

	@Override
	public AkiClient.Builder observationRegistry(ObservationRegistry observationRegistry) {
		Assert.notNull(observationRegistry, "'observationRegistry' must not be null");
		this.observations = new JobObservations(observationRegistry, this.observations.convention());
		return this;
	}

	@Override
	public AkiClient.Builder observationConvention(AkiObservationConvention observationConvention) {
		Assert.notNull(observationConvention, "'observationConvention' must not be null");
		this.observations = new JobObservations(this.observations.registry(), observationConvention);
		return this;
	}

	DefaultAkiClientBuilder timing(Timing timing) {
		this.timing = timing;
		return this;
	}

	@Override
	public AkiClient build() {
		ClientResources shared = sharedResources();
		ClientResources resources = (shared != null) ? shared : createResources();
		if (shared == null && this.settings.apiServer().isUnencrypted()) {
			logger.warn("The API key is sent without encryption: '" + this.settings.apiServer()
					+ "' is plain http. Use https");
		}
		ClientCore core = new ClientCore(this.settings, new ApiKeys(this.apiKey), resources, shared == null,
				this.timing, this.observations, this.guards, this.taskDecorator);
		return new DefaultAkiClient(core, this.settings.endpoint(), false);
	}

	/**
	 * Return the resources of the parent, unless this client needs its own.
	 */
	private @Nullable ClientResources sharedResources() {
		if (this.parent == null || this.restClientBuilder != null) {
			return null;
		}
		ClientResources resources = this.parent.resources();
		if (!this.connectTimeoutSet && this.concurrency == null) {
			return resources;
		}
		AkiSettingException.check(resources.isOwnEngine(), this.connectTimeoutSet ? "connectTimeout" : "concurrency",
				"belongs to the connections, which this client shares with the client that it was created from."
						+ " Set it on that client, or on a new builder with its own RestClient.Builder");
		return null;
	}

	private ClientResources createResources() {
		AkiConcurrency concurrency = (this.concurrency != null) ? this.concurrency : AkiConcurrency.DEFAULT;
		if (this.restClientBuilder != null) {
			AkiSettingException.check(!this.connectTimeoutSet, "connectTimeout",
					"has no effect on a given RestClient.Builder: set it on that builder's request factory, or use the"
							+ " property 'aki.io.connect-timeout' if Spring Boot creates the client");
			return new ClientResources(this.restClientBuilder.clone(), null, concurrency);
		}
		AkiClientHttpRequestFactory engine = JdkHttpEngine.create(this.settings.connectTimeout(), null);
		return new ClientResources(RestClient.builder().requestFactory(engine), engine, concurrency);
	}

}
