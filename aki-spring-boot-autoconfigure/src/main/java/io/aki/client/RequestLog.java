package io.aki.client;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;

/**
 * Logs one HTTP request and its response, without the API key. A failure to log does not
 * affect the exchange.
 */
final class RequestLog {

	static final String LOGGER = "io.aki.client.requests";

	private static final Log logger = LogFactory.getLog(LOGGER);

	private static final AtomicLong numbers = new AtomicLong();

	private static final Pattern SECRET_HEADER = Pattern
		.compile("(?i).*(auth|cookie|key|token|secret|password|credential).*");

	private static final Pattern KEY_PARAMETER = Pattern.compile("([?&]key=)[^&#]*");

	/**
	 * Also line separators of Unicode, and characters that change the direction of text.
	 */
	private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029\\p{Cf}]+");

	private final AkiRequestLogging content;

	private final KeyMask mask;

	private final long number = numbers.incrementAndGet();

	private final long started = System.nanoTime();

	private RequestLog(AkiRequestLogging content, KeyMask mask) {
		this.content = content;
		this.mask = mask;
	}

	/**
	 * Return the log of a new exchange.
	 * @return the log, or {@code null} if the exchange is not logged
	 */
	static @Nullable RequestLog begin(AkiRequestLogging content, KeyMask mask) {
		return (content != AkiRequestLogging.NONE && logger.isInfoEnabled()) ? new RequestLog(content, mask) : null;
	}

	void request(HttpRequest request, Map<String, @Nullable Object> body) {
		guarded(() -> {
			String url = KEY_PARAMETER.matcher(request.getURI().toString()).replaceAll("$1***");
			logger.info("Request " + this.number + ": " + request.getMethod() + " " + plain(url)
					+ headers(request.getHeaders()) + (body.isEmpty() ? "" : body(body)));
		});
	}

	/**
	 * Log a response after it was read.
	 */
	void response(HttpHeaders headers, ApiResponse response) {
		guarded(() -> {
			Failure failure = response.failure();
			String body = (response.isFromApi() || failure == null) ? body(response.body())
					: logsBodies() ? ", not the API's JSON: " + plain(failure.error()) : "";
			logger.info("Response " + this.number + ": " + plain(ApiResponse.statusLine(response.status())) + after()
					+ headers(headers) + body);
		});
	}

	/**
	 * Log that there is no complete response.
	 */
	void failed(String error) {
		guarded(() -> logger.info("Response " + this.number + ": none" + after() + ", " + plain(error)));
	}

	private String after() {
		return " after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.started) + " ms";
	}

	private String headers(HttpHeaders headers) {
		return ", headers: " + headers.headerSet()
			.stream()
			.map((header) -> plain(header.getKey()) + "="
					+ (SECRET_HEADER.matcher(header.getKey()).matches() ? "[***]"
							: plain(header.getValue().toString())))
			.collect(Collectors.joining(", ", "{", "}"));
	}

	private String body(Map<String, @Nullable Object> body) {
		return logsBodies() ? ", body: " + plain(new LoggedBody(this.mask).write(body)) : "";
	}

	private boolean logsBodies() {
		return this.content == AkiRequestLogging.BODIES;
	}

	/**
	 * Return a text in one line without the key.
	 */
	private String plain(String text) {
		return CONTROL.matcher(this.mask.mask(text)).replaceAll(" ");
	}

	private static void warn(Throwable failure) {
		try {
			// the message of the exception may contain the body
			logger.warn("A request or a response could not be logged: " + failure.getClass().getName());
		}
		catch (RuntimeException | Error ex) {
			// a logger that fails must not fail the exchange
		}
	}

	private static void guarded(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException | Error ex) {
			warn(ex);
		}
	}

}
