package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiConcurrency;
import io.aki.client.AkiOutputBinaryFormat;
import io.aki.client.AkiRequestLogging;
import io.aki.client.AkiRetryPolicy;
import io.aki.spring.web.AkiWebSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the AKI.IO client. Durations are seconds ({@code 0.2}) or have a unit
 * ({@code 200ms}).
 *
 * @since 1.0.0
 */
@ConfigurationProperties("aki.io")
public class AkiProperties {

	private static final Duration MAX_DURATION = Duration.ofDays(36500);

	/**
	 * Whether to configure a client.
	 */
	private boolean enabled = true;

	/**
	 * API key. Taken from the environment variable AKI_API_KEY if not set. Keys come from
	 * https://aki.io.
	 */
	private @Nullable String apiKey;

	/**
	 * Base URL of the API.
	 */
	private String apiServer = "https://aki.io";

	/**
	 * Endpoint that the client calls, such as 'llama3_8b_chat'. Use
	 * 'AkiClient.forEndpoint' for others.
	 */
	private @Nullable String endpoint;

	/**
	 * Form of binary values in 'AkiResult.get' and 'asMap'.
	 */
	private AkiOutputBinaryFormat outputBinaryFormat = AkiOutputBinaryFormat.BASE64;

	/**
	 * Whether to throw an AkiException for a failure instead of returning a response
	 * whose 'success' is false.
	 */
	private boolean raiseExceptions = false;

	/**
	 * Time between two polls of a job.
	 */
	@SecondsDuration
	private Duration progressInterval = Duration.ofMillis(200);

	/**
	 * Whether to return tool calls as lists and maps instead of a JSON text.
	 */
	private boolean returnToolCallDict = false;

	/**
	 * Connection timeout.
	 */
	@SecondsDuration
	private Duration connectTimeout = Duration.ofSeconds(10);

	/**
	 * Maximum time that a connection may have been idle when a request that starts a job
	 * is sent on it. Must be shorter than the keep-alive timeout of the server: if the
	 * server has closed the connection, the request fails and cannot be repeated. At most
	 * 30 s. Not used with an HTTP engine of the application.
	 */
	@SecondsDuration
	private Duration maxIdleBeforeStart = Duration.ofMillis(500);

	/**
	 * Time limit of a call that waits on the server.
	 */
	@SecondsDuration
	private Duration readTimeout = Duration.ofSeconds(300);

	/**
	 * Time limit of any other exchange, such as a poll of a job.
	 */
	@SecondsDuration
	private Duration progressTimeout = Duration.ofSeconds(30);

	/**
	 * Time limit of a job. When it is reached the job is canceled.
	 */
	@SecondsDuration
	private Duration jobTimeout = Duration.ofHours(1);

	/**
	 * Time limit for the server's confirmation of a cancel request.
	 */
	@SecondsDuration
	private Duration cancelTimeout = Duration.ofSeconds(5);

	/**
	 * How long consecutive polls of a job may fail before the client stops following it.
	 */
	@SecondsDuration
	private Duration outageTimeout = Duration.ofMinutes(2);

	/**
	 * Whether to cancel running jobs when the client is closed. Otherwise they can be
	 * resumed.
	 */
	private boolean cancelOnClose = true;

	/**
	 * Maximum size of a response.
	 */
	private DataSize maxResponseSize = DataSize.ofMegabytes(256);

	/**
	 * Whether to validate the API key when the application starts. The start fails if the
	 * key is invalid or the server cannot be reached.
	 */
	private boolean validateKeyOnStartup = false;

	private final Retry retry = new Retry();

	private final Concurrency concurrency = new Concurrency();

	private final Ssl ssl = new Ssl();

	private final Async async = new Async();

	private final Web web = new Web();

	private final Logging logging = new Logging();

	/**
	 * Limits of requests that cost money, by the name of the endpoint, such as
	 * 'aki.io.limits.default.max-jobs'. The entry 'default' applies to each endpoint that
	 * has no entry, and is counted for each endpoint.
	 */
	private final Map<String, Limit> limits = new LinkedHashMap<>();

	private final Observation observation = new Observation();

	private final Health health = new Health();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getApiKey() {
		return this.apiKey;
	}

	public void setApiKey(@Nullable String apiKey) {
		this.apiKey = apiKey;
	}

	public String getApiServer() {
		return this.apiServer;
	}

	public void setApiServer(String apiServer) {
		this.apiServer = apiServer;
	}

	public @Nullable String getEndpoint() {
		return this.endpoint;
	}

	public void setEndpoint(@Nullable String endpoint) {
		this.endpoint = endpoint;
	}

	public AkiOutputBinaryFormat getOutputBinaryFormat() {
		return this.outputBinaryFormat;
	}

	public void setOutputBinaryFormat(AkiOutputBinaryFormat outputBinaryFormat) {
		this.outputBinaryFormat = outputBinaryFormat;
	}

	public boolean isRaiseExceptions() {
		return this.raiseExceptions;
	}

	public void setRaiseExceptions(boolean raiseExceptions) {
		this.raiseExceptions = raiseExceptions;
	}

	public Duration getProgressInterval() {
		return this.progressInterval;
	}

	public void setProgressInterval(Duration progressInterval) {
		this.progressInterval = progressInterval;
	}

	public boolean isReturnToolCallDict() {
		return this.returnToolCallDict;
	}

	public void setReturnToolCallDict(boolean returnToolCallDict) {
		this.returnToolCallDict = returnToolCallDict;
	}

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public Duration getMaxIdleBeforeStart() {
		return this.maxIdleBeforeStart;
	}

	public void setMaxIdleBeforeStart(Duration maxIdleBeforeStart) {
		this.maxIdleBeforeStart = maxIdleBeforeStart;
	}

	public Duration getReadTimeout() {
		return this.readTimeout;
	}

	public void setReadTimeout(Duration readTimeout) {
		this.readTimeout = readTimeout;
	}

	public Duration getProgressTimeout() {
		return this.progressTimeout;
	}

	public void setProgressTimeout(Duration progressTimeout) {
		this.progressTimeout = progressTimeout;
	}

	public Duration getJobTimeout() {
		return this.jobTimeout;
	}

	public void setJobTimeout(Duration jobTimeout) {
		this.jobTimeout = jobTimeout;
	}

	public Duration getCancelTimeout() {
		return this.cancelTimeout;
	}

	public void setCancelTimeout(Duration cancelTimeout) {
		this.cancelTimeout = cancelTimeout;
	}

	public Duration getOutageTimeout() {
		return this.outageTimeout;
	}

	public void setOutageTimeout(Duration outageTimeout) {
		this.outageTimeout = outageTimeout;
	}

	public boolean isCancelOnClose() {
		return this.cancelOnClose;
	}

	public void setCancelOnClose(boolean cancelOnClose) {
		this.cancelOnClose = cancelOnClose;
	}

	public DataSize getMaxResponseSize() {
		return this.maxResponseSize;
	}

	public void setMaxResponseSize(DataSize maxResponseSize) {
		this.maxResponseSize = maxResponseSize;
	}

	public boolean isValidateKeyOnStartup() {
		return this.validateKeyOnStartup;
	}

	public void setValidateKeyOnStartup(boolean validateKeyOnStartup) {
		this.validateKeyOnStartup = validateKeyOnStartup;
	}

	public Retry getRetry() {
		return this.retry;
	}

	public Concurrency getConcurrency() {
		return this.concurrency;
	}

	public Ssl getSsl() {
		return this.ssl;
	}

	public Web getWeb() {
		return this.web;
	}

	public Logging getLogging() {
		return this.logging;
	}

	public Map<String, Limit> getLimits() {
		return this.limits;
	}

	public Async getAsync() {
		return this.async;
	}

	public Observation getObservation() {
		return this.observation;
	}

	public Health getHealth() {
		return this.health;
	}

	@Override
	public String toString() {
		return "AkiProperties[" + this.apiServer + "]";
	}

	/**
	 * How exchanges are repeated.
	 *
	 * @since 1.0.0
	 */
	public static class Retry {

		/**
		 * Maximum number of attempts, including the first one. Use 1 to disable retries.
		 */
		private int maxAttempts = 4;

		/**
		 * Delay before the second attempt. Each delay is reduced by a random jitter of up
		 * to 50 %.
		 */
		@SecondsDuration
		private Duration delay = Duration.ofMillis(500);

		/**
		 * Factor by which each delay is longer than the one before.
		 */
		private double multiplier = 2;

		/**
		 * Maximum delay. It also limits the server's 'Retry-After'.
		 */
		@SecondsDuration
		private Duration maxDelay = Duration.ofSeconds(8);

		public int getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(int maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public Duration getDelay() {
			return this.delay;
		}

		public void setDelay(Duration delay) {
			this.delay = delay;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getMaxDelay() {
			return this.maxDelay;
		}

		public void setMaxDelay(Duration maxDelay) {
			this.maxDelay = maxDelay;
		}

		AkiRetryPolicy toPolicy() {
			return new AkiRetryPolicy(this.maxAttempts, this.delay, this.multiplier, this.maxDelay);
		}

	}

	/**
	 * The number of jobs and threads. The threads are virtual if
	 * 'spring.threads.virtual.enabled' is true.
	 *
	 * @since 1.0.0
	 */
	public static class Concurrency {

		/**
		 * Maximum number of jobs that are followed at the same time. Further requests are
		 * rejected.
		 */
		private int maxJobs = 10000;

		/**
		 * Maximum number of threads for exchanges with the server (starts of jobs,
		 * polls). There are 16 platform threads while no exchange waits for more than 50
		 * ms. 256 if not set.
		 */
		private @Nullable Integer pollThreads;

		/**
		 * Maximum number of threads for callbacks. There are 6 platform threads while no
		 * callback waits for more than 50 ms. 256 if not set, 10000 with virtual threads.
		 */
		private @Nullable Integer callbackThreads;

		public int getMaxJobs() {
			return this.maxJobs;
		}

		public void setMaxJobs(int maxJobs) {
			this.maxJobs = maxJobs;
		}

		public @Nullable Integer getPollThreads() {
			return this.pollThreads;
		}

		public void setPollThreads(@Nullable Integer pollThreads) {
			this.pollThreads = pollThreads;
		}

		public @Nullable Integer getCallbackThreads() {
			return this.callbackThreads;
		}

		public void setCallbackThreads(@Nullable Integer callbackThreads) {
			this.callbackThreads = callbackThreads;
		}

		AkiConcurrency toConcurrency(boolean virtualThreads) {
			AkiConcurrency defaults = virtualThreads ? AkiConcurrency.VIRTUAL : AkiConcurrency.DEFAULT;
			return new AkiConcurrency(this.maxJobs,
					(this.pollThreads != null) ? this.pollThreads : defaults.pollThreads(),
					(this.callbackThreads != null) ? this.callbackThreads : defaults.callbackThreads(), virtualThreads);
		}

	}

	/**
	 * Encryption of the connection.
	 *
	 * @since 1.0.0
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle for a server with a private certificate.
		 */
		private @Nullable String bundle;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * The executor behind 'AkiAsyncClient'.
	 *
	 * @since 1.0.0
	 */
	public static class Async {

		/**
		 * Whether to configure an AkiAsyncClient and its executor.
		 */
		private boolean enabled = false;

		/**
		 * Number of threads that are used before calls are queued.
		 */
		private int coreSize = 8;

		/**
		 * Maximum number of threads. More than the core size are used if the queue is
		 * full.
		 */
		private int maxSize = 16;

		/**
		 * Maximum number of calls that wait for a thread. Further calls are rejected.
		 * With virtual threads no call waits: 'max-size' plus 'queue-capacity' is the
		 * maximum number of running calls.
		 */
		private int queueCapacity = 100;

		/**
		 * Time after which an idle thread ends.
		 */
		@SecondsDuration
		private Duration keepAlive = Duration.ofSeconds(60);

		/**
		 * Prefix of the names of the threads.
		 */
		private String threadNamePrefix = "aki-async-";

		/**
		 * How long to wait for running calls when the application stops. Then their jobs
		 * are canceled.
		 */
		@SecondsDuration
		private Duration awaitTerminationPeriod = Duration.ofSeconds(10);

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public int getCoreSize() {
			return this.coreSize;
		}

		public void setCoreSize(int coreSize) {
			this.coreSize = coreSize;
		}

		public int getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(int maxSize) {
			this.maxSize = maxSize;
		}

		public int getQueueCapacity() {
			return this.queueCapacity;
		}

		public void setQueueCapacity(int queueCapacity) {
			this.queueCapacity = queueCapacity;
		}

		public Duration getKeepAlive() {
			return this.keepAlive;
		}

		public void setKeepAlive(Duration keepAlive) {
			this.keepAlive = keepAlive;
		}

		public String getThreadNamePrefix() {
			return this.threadNamePrefix;
		}

		public void setThreadNamePrefix(String threadNamePrefix) {
			this.threadNamePrefix = threadNamePrefix;
		}

		public Duration getAwaitTerminationPeriod() {
			return this.awaitTerminationPeriod;
		}

		public void setAwaitTerminationPeriod(Duration awaitTerminationPeriod) {
			this.awaitTerminationPeriod = awaitTerminationPeriod;
		}

		/**
		 * Return these properties if they are valid.
		 */
		Async checked() {
			checkNotNegative("aki.io.async.keep-alive", this.keepAlive);
			checkNotNegative("aki.io.async.await-termination-period", this.awaitTerminationPeriod);
			return this;
		}

	}

	/**
	 * Support for web applications.
	 *
	 * @since 1.0.0
	 */
	public static class Web {

		/**
		 * Whether controllers can return jobs and event streams, and failures become
		 * problem details.
		 */
		private boolean enabled = true;

		/**
		 * Time between two comments of an event stream, with which it notices that its
		 * client has left.
		 */
		@SecondsDuration
		private Duration heartbeat = Duration.ofSeconds(15);

		/**
		 * How long a reconnectable event stream waits for a client whose connection
		 * broke. Then its job is canceled.
		 */
		@SecondsDuration
		private Duration reconnectTimeout = Duration.ofSeconds(30);

		/**
		 * Secret that signs the event ids of reconnectable streams, at least 16
		 * characters. Set the same secret in all instances of the application, so that
		 * each can continue a stream of another. A secret of the process if not set.
		 */
		private @Nullable String tokenSecret;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getHeartbeat() {
			return this.heartbeat;
		}

		public void setHeartbeat(Duration heartbeat) {
			this.heartbeat = heartbeat;
		}

		public Duration getReconnectTimeout() {
			return this.reconnectTimeout;
		}

		public void setReconnectTimeout(Duration reconnectTimeout) {
			this.reconnectTimeout = reconnectTimeout;
		}

		public @Nullable String getTokenSecret() {
			return this.tokenSecret;
		}

		public void setTokenSecret(@Nullable String tokenSecret) {
			this.tokenSecret = tokenSecret;
		}

		/**
		 * Return the settings if they are valid.
		 */
		AkiWebSettings toSettings() {
			checkPositive("aki.io.web.heartbeat", this.heartbeat, "15s");
			checkNotNegative("aki.io.web.reconnect-timeout", this.reconnectTimeout);
			String secret = StringUtils.hasLength(this.tokenSecret) ? this.tokenSecret : null;
			if (secret != null && secret.length() < AkiWebSettings.MIN_SECRET_LENGTH) {
				throw new InvalidConfigurationPropertyValueException("aki.io.web.token-secret",
						"(" + secret.length() + " characters)",
						"It must have at least " + AkiWebSettings.MIN_SECRET_LENGTH
								+ " characters, such as those of 'openssl rand -base64 32'.");
			}
			return new AkiWebSettings(this.heartbeat, this.reconnectTimeout, secret);
		}

	}

	/**
	 * The content of the log.
	 *
	 * @since 1.0.0
	 */
	public static class Logging {

		/**
		 * What is logged about HTTP requests and their responses, by the logger
		 * 'io.aki.client.requests' at the level INFO. The API key is masked.
		 */
		private AkiRequestLogging requests = AkiRequestLogging.NONE;

		public AkiRequestLogging getRequests() {
			return this.requests;
		}

		public void setRequests(AkiRequestLogging requests) {
			this.requests = requests;
		}

	}

	/**
	 * The limits of one endpoint.
	 *
	 * @since 1.0.0
	 */
	public static class Limit {

		/**
		 * Maximum number of requests to the endpoint that start within 60 s. Further
		 * requests are refused. Unlimited if not set.
		 */
		private @Nullable Integer startsPerMinute;

		/**
		 * Maximum number of requests to the endpoint that run at the same time. Further
		 * requests are refused. Unlimited if not set.
		 */
		private @Nullable Integer maxJobs;

		public @Nullable Integer getStartsPerMinute() {
			return this.startsPerMinute;
		}

		public void setStartsPerMinute(@Nullable Integer startsPerMinute) {
			this.startsPerMinute = startsPerMinute;
		}

		public @Nullable Integer getMaxJobs() {
			return this.maxJobs;
		}

		public void setMaxJobs(@Nullable Integer maxJobs) {
			this.maxJobs = maxJobs;
		}

	}

	/**
	 * The content of observations.
	 *
	 * @since 1.0.0
	 */
	public static class Observation {

		/**
		 * Whether traces contain the parameters of requests, and the server's error
		 * texts, which may repeat them. They may be private.
		 */
		private boolean includePrompt = false;

		/**
		 * Whether traces contain the texts of results. They may be private.
		 */
		private boolean includeCompletion = false;

		public boolean isIncludePrompt() {
			return this.includePrompt;
		}

		public void setIncludePrompt(boolean includePrompt) {
			this.includePrompt = includePrompt;
		}

		public boolean isIncludeCompletion() {
			return this.includeCompletion;
		}

		public void setIncludeCompletion(boolean includeCompletion) {
			this.includeCompletion = includeCompletion;
		}

	}

	static void checkPositive(String property, Duration value, String example) {
		check(value.compareTo(Duration.ZERO) > 0, property, value,
				"greater than zero and at most 36500 days, such as " + example);
	}

	static void checkNotNegative(String property, Duration value) {
		check(!value.isNegative(), property, value, "from 0 to 36500 days");
	}

	private static void check(boolean valid, String property, Duration value, String expected) {
		if (!valid || value.compareTo(MAX_DURATION) > 0) {
			throw new InvalidConfigurationPropertyValueException(property, value, "It must be " + expected + ".");
		}
	}

	/**
	 * Health of the server in the actuator.
	 *
	 * @since 1.0.0
	 */
	public static class Health {

		/**
		 * How long the health is cached. 0 disables the cache.
		 */
		@SecondsDuration
		private Duration timeToLive = Duration.ofSeconds(30);

		/**
		 * Timeout of one request of the actuator to the server. The health makes two
		 * requests, the actuator endpoint 'aki' one.
		 */
		@SecondsDuration
		private Duration timeout = Duration.ofSeconds(3);

		public Duration getTimeToLive() {
			return this.timeToLive;
		}

		public void setTimeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
		}

		public Duration getTimeout() {
			return this.timeout;
		}

		public void setTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		/**
		 * Return these properties if they are valid.
		 */
		Health checked() {
			checkNotNegative("aki.io.health.time-to-live", this.timeToLive);
			checkPositive("aki.io.health.timeout", this.timeout, "3s");
			return this;
		}

	}

}
