package io.aki.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.http.HttpEngine;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.DefaultUriBuilderFactory;

/**
 * Collects and checks the settings of a client.
 */
final class DefaultAkiClientBuilder implements AkiClient.Builder {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\..*|\\[::1\\]|.*\\.localhost",
			Pattern.CASE_INSENSITIVE);

	private static final Duration MAX_DURATION = Duration.ofDays(36500);

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

	private @Nullable ClientCore parent;

	private String apiServer = "https://aki.io";

	private @Nullable Supplier<String> apiKey;

	private @Nullable String endpoint;

	private AkiOutputBinaryFormat outputBinaryFormat = AkiOutputBinaryFormat.BASE64;

	private boolean raiseExceptions;

	private Duration progressInterval = Duration.ofMillis(200);

	private boolean returnToolCallDict;

	private @Nullable Duration connectTimeout;

	private Duration readTimeout = Duration.ofSeconds(300);

	private Duration progressTimeout = Duration.ofSeconds(30);

	private Duration jobTimeout = Duration.ofHours(1);

	private Duration cancelTimeout = Duration.ofSeconds(5);

	private Duration outageTimeout = Duration.ofMinutes(2);

	private boolean cancelOnClose = true;

	private AkiRetryPolicy retry = AkiRetryPolicy.DEFAULT;

	private DataSize maxResponseSize = DataSize.ofMegabytes(256);

	private @Nullable AkiConcurrency concurrency;

	private @Nullable TaskDecorator taskDecorator;

	private RestClient.@Nullable Builder restClientBuilder;

	private JobObservations observations = JobObservations.NONE;

	private Timing timing = Timing.REAL;

	DefaultAkiClientBuilder() {
	}

	DefaultAkiClientBuilder(ClientCore parent, @Nullable String endpoint) {
		ClientSettings settings = parent.settings();
		this.parent = parent;
		this.taskDecorator = parent.taskDecorator();
		this.timing = parent.timing();
		this.observations = parent.observations();
		this.apiServer = settings.apiServer();
		this.apiKey = parent.keys().supplier();
		this.endpoint = endpoint;
		this.outputBinaryFormat = settings.outputBinaryFormat();
		this.raiseExceptions = settings.raiseExceptions();
		this.progressInterval = settings.progressInterval();
		this.returnToolCallDict = settings.returnToolCallDict();
		this.readTimeout = settings.readTimeout();
		this.progressTimeout = settings.progressTimeout();
		this.jobTimeout = settings.jobTimeout();
		this.cancelTimeout = settings.cancelTimeout();
		this.outageTimeout = settings.outageTimeout();
		this.cancelOnClose = settings.cancelOnClose();
		this.retry = settings.retry();
		this.maxResponseSize = DataSize.ofBytes(settings.maxResponseBytes());
	}

	@Override
	public AkiClient.Builder apiServer(String apiServer) {
		this.apiServer = apiServer;
		return this;
	}

	@Override
	public AkiClient.Builder apiKey(String apiKey) {
		String checked = ApiKeys.check(apiKey);
		return apiKey(() -> checked);
	}

	@Override
	public AkiClient.Builder apiKey(Supplier<String> apiKey) {
		Assert.notNull(apiKey, "'apiKey' must not be null");
		this.apiKey = apiKey;
		return this;
	}

	@Override
	public AkiClient.Builder endpoint(String endpoint) {
		this.endpoint = endpoint;
		return this;
	}

	@Override
	public AkiClient.Builder outputBinaryFormat(AkiOutputBinaryFormat outputBinaryFormat) {
		this.outputBinaryFormat = outputBinaryFormat;
		return this;
	}

	@Override
	public AkiClient.Builder raiseExceptions(boolean raiseExceptions) {
		this.raiseExceptions = raiseExceptions;
		return this;
	}

	@Override
	public AkiClient.Builder progressInterval(Duration progressInterval) {
		this.progressInterval = progressInterval;
		return this;
	}

	@Override
	public AkiClient.Builder returnToolCallDict(boolean returnToolCallDict) {
		this.returnToolCallDict = returnToolCallDict;
		return this;
	}

	@Override
	public AkiClient.Builder connectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
		return this;
	}

	@Override
	public AkiClient.Builder readTimeout(Duration readTimeout) {
		this.readTimeout = readTimeout;
		return this;
	}

	@Override
	public AkiClient.Builder progressTimeout(Duration progressTimeout) {
		this.progressTimeout = progressTimeout;
		return this;
	}

	@Override
	public AkiClient.Builder jobTimeout(Duration jobTimeout) {
		this.jobTimeout = jobTimeout;
		return this;
	}

	@Override
	public AkiClient.Builder cancelTimeout(Duration cancelTimeout) {
		this.cancelTimeout = cancelTimeout;
		return this;
	}

	@Override
	public AkiClient.Builder outageTimeout(Duration outageTimeout) {
		this.outageTimeout = outageTimeout;
		return this;
	}

	@Override
	public AkiClient.Builder cancelOnClose(boolean cancelOnClose) {
		this.cancelOnClose = cancelOnClose;
		return this;
	}

	@Override
	public AkiClient.Builder retry(AkiRetryPolicy retry) {
		this.retry = retry;
		return this;
	}

	@Override
	public AkiClient.Builder maxResponseSize(DataSize maxResponseSize) {
		this.maxResponseSize = maxResponseSize;
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
		ClientSettings settings = settings();
		ClientResources shared = sharedResources();
		ClientResources resources = (shared != null) ? shared : resources(settings);
		if (shared == null) {
			warnOfPlainHttp(settings.apiServer());
		}
		ClientCore core = new ClientCore(settings, new ApiKeys(this.apiKey), resources, shared == null, this.timing,
				this.observations, this.taskDecorator);
		return new DefaultAkiClient(core, settings.endpoint(), false);
	}

	/**
	 * Return the connections of the client that this one is made from, unless it is to
	 * have its own.
	 */
	private @Nullable ClientResources sharedResources() {
		if (this.parent == null || this.restClientBuilder != null) {
			return null;
		}
		ClientResources resources = this.parent.resources();
		if (this.connectTimeout == null && this.concurrency == null) {
			return resources;
		}
		AkiSettingException.check(resources.isOwnEngine(),
				(this.connectTimeout != null) ? "connectTimeout" : "concurrency",
				"belongs to the connections, which a client shares with the one that it is made from: set it on a new"
						+ " builder with a RestClient.Builder of its own, or on the first client");
		return null;
	}

	private static void warnOfPlainHttp(String apiServer) {
		URI uri = URI.create(apiServer);
		if ("http".equalsIgnoreCase(uri.getScheme()) && !LOOPBACK.matcher(uri.getHost()).matches()) {
			logger.warn("The API key travels unencrypted: '" + apiServer + "' is plain http. Use https");
		}
	}

	private ClientResources resources(ClientSettings settings) {
		AkiConcurrency concurrency = (this.concurrency != null) ? this.concurrency : AkiConcurrency.DEFAULT;
		if (this.restClientBuilder != null) {
			AkiSettingException.check(this.connectTimeout == null, "connectTimeout",
					"has no effect on a given RestClient.Builder: set it on that builder's request factory, or with the"
							+ " property 'aki.io.connect-timeout' where Spring Boot makes it");
			return new ClientResources(this.restClientBuilder.clone(), null, concurrency);
		}
		AkiClientHttpRequestFactory engine = HttpEngine.create(settings.connectTimeout(), null);
		return new ClientResources(RestClient.builder().requestFactory(engine), engine, concurrency);
	}

	private ClientSettings settings() {
		Assert.notNull(this.outputBinaryFormat, "'outputBinaryFormat' must not be null");
		Assert.notNull(this.retry, "'retry' must not be null");
		Assert.notNull(this.maxResponseSize, "'maxResponseSize' must not be null");
		AkiSettingException.check(this.maxResponseSize.toBytes() > 0, "maxResponseSize",
				"must be at least 1 byte, such as 256MB, but is " + this.maxResponseSize);
		Duration progressInterval = positive("progressInterval", this.progressInterval);
		AkiSettingException.check(progressInterval.toMillis() >= 1, "progressInterval",
				"must be at least 1 ms, such as 200ms, but is " + progressInterval);
		return new ClientSettings(server(this.apiServer),
				(this.endpoint != null) ? usableEndpoint(this.endpoint) : null, this.outputBinaryFormat,
				this.raiseExceptions, progressInterval, this.returnToolCallDict,
				positive("connectTimeout", (this.connectTimeout != null) ? this.connectTimeout : CONNECT_TIMEOUT),
				positive("readTimeout", this.readTimeout), positive("progressTimeout", this.progressTimeout),
				positive("jobTimeout", this.jobTimeout), positive("cancelTimeout", this.cancelTimeout),
				positive("outageTimeout", this.outageTimeout), this.cancelOnClose, this.retry,
				this.maxResponseSize.toBytes());
	}

	private static Duration positive(String setting, @Nullable Duration duration) {
		Assert.notNull(duration, () -> "'" + setting + "' must not be null");
		AkiSettingException.check(duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(MAX_DURATION) <= 0,
				setting, "must be a positive time of at most 36500 days, such as 30s, but is " + duration);
		return duration;
	}

	private static String usableEndpoint(String name) {
		try {
			return DefaultAkiClient.checkEndpoint(name);
		}
		catch (IllegalArgumentException ex) {
			throw new AkiSettingException("endpoint", "cannot be used: " + ex.getMessage());
		}
	}

	/**
	 * Check the base URL and strip what callers like to add.
	 */
	private static String server(@Nullable String apiServer) {
		AkiSettingException.check(StringUtils.hasText(apiServer), "apiServer",
				"must not be empty: it is the base URL, such as https://aki.io");
		String stripped = String.valueOf(apiServer).strip().replaceAll("/+$", "").replaceAll("/api$", "");
		URI uri = uri(stripped);
		boolean http = uri != null
				&& ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
		AkiSettingException.check(http && uri != null && uri.getHost() != null, "apiServer",
				"must be an http or https URL with a host, such as https://aki.io, but is " + apiServer);
		AkiSettingException.check(
				uri != null && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null,
				"apiServer",
				"must not contain a user, a query or a fragment: it is the base URL alone, such as https://aki.io");
		AkiSettingException.check(isSentAsWritten(stripped), "apiServer",
				"must not contain a percent-encoded separator, brace or percent sign, but is " + apiServer);
		return stripped;
	}

	/**
	 * The URI template is decoded and encoded again.
	 */
	private static boolean isSentAsWritten(String url) {
		try {
			String template = StringUtils.uriDecode(url, StandardCharsets.UTF_8) + "/api";
			return new DefaultUriBuilderFactory().expand(template)
				.equals(URI.create(URI.create(url + "/api").toASCIIString()));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static @Nullable URI uri(String text) {
		try {
			return URI.create(text);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
