package io.aki.client;

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * The settings of a client and their default values. Immutable: each {@code with…} method
 * checks its value and returns a copy.
 */
final class ClientSettings implements Cloneable {

	static final ClientSettings DEFAULT = new ClientSettings();

	private static final Duration MAX_DURATION = Duration.ofDays(36500);

	private ApiServerUrl apiServer = ApiServerUrl.DEFAULT;

	private @Nullable String endpoint;

	private AkiOutputBinaryFormat outputBinaryFormat = AkiOutputBinaryFormat.BASE64;

	private boolean raiseExceptions;

	private Duration progressInterval = Duration.ofMillis(200);

	private boolean returnToolCallDict;

	private Duration connectTimeout = Duration.ofSeconds(10);

	private Duration readTimeout = Duration.ofSeconds(300);

	private Duration progressTimeout = Duration.ofSeconds(30);

	private Duration jobTimeout = Duration.ofHours(1);

	private Duration cancelTimeout = Duration.ofSeconds(5);

	private Duration outageTimeout = Duration.ofMinutes(2);

	private boolean cancelOnClose = true;

	private AkiRetryPolicy retry = AkiRetryPolicy.DEFAULT;

	private DataSize maxResponseSize = DataSize.ofMegabytes(256);

	private AkiRequestLogging requestLogging = AkiRequestLogging.NONE;

	private ClientSettings() {
	}

	ApiServerUrl apiServer() {
		return this.apiServer;
	}

	ClientSettings withApiServer(String apiServer) {
		return with((copy) -> copy.apiServer = ApiServerUrl.of(apiServer));
	}

	@Nullable String endpoint() {
		return this.endpoint;
	}

	ClientSettings withEndpoint(@Nullable String endpoint) {
		return with((copy) -> copy.endpoint = (endpoint != null) ? EndpointName.checkSetting(endpoint) : null);
	}

	ClientSettings withOutputBinaryFormat(AkiOutputBinaryFormat outputBinaryFormat) {
		return with((copy) -> copy.outputBinaryFormat = notNull("outputBinaryFormat", outputBinaryFormat));
	}

	boolean raiseExceptions() {
		return this.raiseExceptions;
	}

	ClientSettings withRaiseExceptions(boolean raiseExceptions) {
		return with((copy) -> copy.raiseExceptions = raiseExceptions);
	}

	Duration progressInterval() {
		return this.progressInterval;
	}

	ClientSettings withProgressInterval(Duration progressInterval) {
		positive("progressInterval", progressInterval);
		AkiSettingException.check(progressInterval.toMillis() >= 1, "progressInterval",
				"must be at least 1 ms, such as 200ms, but is " + progressInterval);
		return with((copy) -> copy.progressInterval = progressInterval);
	}

	ClientSettings withReturnToolCallDict(boolean returnToolCallDict) {
		return with((copy) -> copy.returnToolCallDict = returnToolCallDict);
	}

	Duration connectTimeout() {
		return this.connectTimeout;
	}

	ClientSettings withConnectTimeout(Duration connectTimeout) {
		return with((copy) -> copy.connectTimeout = positive("connectTimeout", connectTimeout));
	}

	Duration readTimeout() {
		return this.readTimeout;
	}

	ClientSettings withReadTimeout(Duration readTimeout) {
		return with((copy) -> copy.readTimeout = positive("readTimeout", readTimeout));
	}

	Duration progressTimeout() {
		return this.progressTimeout;
	}

	ClientSettings withProgressTimeout(Duration progressTimeout) {
		return with((copy) -> copy.progressTimeout = positive("progressTimeout", progressTimeout));
	}

	Duration jobTimeout() {
		return this.jobTimeout;
	}

	ClientSettings withJobTimeout(Duration jobTimeout) {
		return with((copy) -> copy.jobTimeout = positive("jobTimeout", jobTimeout));
	}

	Duration cancelTimeout() {
		return this.cancelTimeout;
	}

	ClientSettings withCancelTimeout(Duration cancelTimeout) {
		return with((copy) -> copy.cancelTimeout = positive("cancelTimeout", cancelTimeout));
	}

	Duration outageTimeout() {
		return this.outageTimeout;
	}

	ClientSettings withOutageTimeout(Duration outageTimeout) {
		return with((copy) -> copy.outageTimeout = positive("outageTimeout", outageTimeout));
	}

	boolean cancelOnClose() {
		return this.cancelOnClose;
	}

	ClientSettings withCancelOnClose(boolean cancelOnClose) {
		return with((copy) -> copy.cancelOnClose = cancelOnClose);
	}

	AkiRetryPolicy retry() {
		return this.retry;
	}

	ClientSettings withRetry(AkiRetryPolicy retry) {
		return with((copy) -> copy.retry = notNull("retry", retry));
	}

	DataSize maxResponseSize() {
		return this.maxResponseSize;
	}

	ClientSettings withMaxResponseSize(DataSize maxResponseSize) {
		notNull("maxResponseSize", maxResponseSize);
		AkiSettingException.check(maxResponseSize.toBytes() > 0, "maxResponseSize",
				"must be at least 1 byte, such as 256MB, but is " + maxResponseSize);
		return with((copy) -> copy.maxResponseSize = maxResponseSize);
	}

	AkiRequestLogging requestLogging() {
		return this.requestLogging;
	}

	ClientSettings withRequestLogging(AkiRequestLogging requestLogging) {
		return with((copy) -> copy.requestLogging = notNull("requestLogging", requestLogging));
	}

	OutputConversion conversion() {
		return new OutputConversion(this.outputBinaryFormat, this.returnToolCallDict);
	}

	private ClientSettings with(Consumer<ClientSettings> change) {
		try {
			ClientSettings copy = (ClientSettings) clone();
			change.accept(copy);
			return copy;
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Duration positive(String setting, @Nullable Duration duration) {
		Duration value = notNull(setting, duration);
		AkiSettingException.check(value.compareTo(Duration.ZERO) > 0 && value.compareTo(MAX_DURATION) <= 0, setting,
				"must be greater than zero and at most 36500 days, such as 30s, but is " + value);
		return value;
	}

	private static <T> T notNull(String setting, @Nullable T value) {
		Assert.notNull(value, () -> "'" + setting + "' must not be null");
		return value;
	}

}
