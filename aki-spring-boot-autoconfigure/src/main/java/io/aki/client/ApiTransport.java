package io.aki.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Pattern;

import io.aki.client.ApiOutcome.Answer;
import io.aki.client.ApiOutcome.NoAnswer;
import io.aki.client.http.BoundedResponse;
import io.aki.client.http.ExchangeFailure;
import io.aki.client.http.ExchangeLimits;
import io.aki.client.http.LimitedExchange;
import io.aki.client.http.NetworkFailure;
import io.aki.client.http.RequestBody;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.RequestHeadersSpec;

/**
 * Sends one request and reads its answer. Whatever goes wrong on the way comes back as an
 * outcome, with no key in it.
 */
final class ApiTransport {

	private static final int HEAD_SIZE = 8192;

	private static final int MAX_TEXT = 1000;

	private static final Pattern INVISIBLE_HTML = Pattern.compile("(?is)<(head|script|style)\\b.*?</\\1>|<!--.*?-->");

	private static final Pattern TAG = Pattern.compile("(?s)<[^>]*>");

	private final RestClient restClient;

	private final RestClient unobserved;

	private final PollCount polls = new PollCount();

	ApiTransport(RestClient restClient) {
		this.restClient = restClient;
		this.unobserved = restClient.mutate().observationRegistry(ObservationRegistry.NOOP).build();
	}

	ApiOutcome post(String uriTemplate, String endpoint, Map<String, @Nullable Object> body, ExchangeLimits limits,
			KeyMask mask) {
		return post(this.restClient, uriTemplate, endpoint, body, limits, mask);
	}

	/**
	 * Poll a job. Polls are counted rather than observed: a job has one observation, not
	 * one for each of hundreds of polls.
	 */
	ApiOutcome poll(String uriTemplate, String endpoint, Map<String, @Nullable Object> body, ExchangeLimits limits,
			KeyMask mask) {
		return this.polls.count(() -> post(this.unobserved, uriTemplate, endpoint, body, limits, mask));
	}

	PollCount polls() {
		return this.polls;
	}

	private static ApiOutcome post(RestClient restClient, String uriTemplate, String endpoint,
			Map<String, @Nullable Object> body, ExchangeLimits limits, KeyMask mask) {
		byte[] json = WireJson.writeBytes(body);
		return exchange(restClient.post()
			.uri(uriTemplate, endpoint)
			.contentType(MediaType.APPLICATION_JSON)
			.contentLength(json.length)
			.body(new RequestBody(json)), limits, mask);
	}

	ApiOutcome get(String uriTemplate, Map<String, ?> variables, ExchangeLimits limits, KeyMask mask) {
		return exchange(this.restClient.get().uri(uriTemplate, variables), limits, mask);
	}

	private static ApiOutcome exchange(RequestHeadersSpec<?> request, ExchangeLimits limits, KeyMask mask) {
		ApiOutcome outcome;
		try (LimitedExchange exchange = LimitedExchange.begin(limits)) {
			try {
				outcome = request.accept(MediaType.APPLICATION_JSON)
					.exchangeForRequiredValue((sent, response) -> read(response, mask, exchange), false);
			}
			catch (RuntimeException ex) {
				outcome = noAnswer(ex, exchange);
			}
		}
		return masked(outcome, mask);
	}

	/**
	 * Take the key out of errors, which may repeat the request.
	 */
	private static ApiOutcome masked(ApiOutcome outcome, KeyMask mask) {
		if (outcome instanceof NoAnswer none) {
			return new NoAnswer(none.kind(), none.status(), mask.mask(none.message()), none.retryAfter(),
					mask.mask(none.cause()));
		}
		Answer answer = (Answer) outcome;
		return ResponseReader.containsError(answer)
				? new Answer(answer.status(), mask.mask(answer.body()), answer.retryAfter()) : answer;
	}

	/**
	 * Read a response, within the limits also where the request factory of the user does
	 * not know them.
	 */
	private static ApiOutcome read(ClientHttpResponse response, KeyMask mask, LimitedExchange exchange)
			throws IOException {
		try (ClientHttpResponse limited = exchange.isManaged() ? response : new BoundedResponse(response, exchange)) {
			int status = limited.getStatusCode().value();
			ApiOutcome outcome = (status != HttpStatus.PROXY_AUTHENTICATION_REQUIRED.value()) ? read(limited, mask)
					: null;
			if (outcome == null || (outcome instanceof NoAnswer && exchange.isUnsent())) {
				throw NetworkFailure.refusedByProxy(status);
			}
			return outcome;
		}
	}

	private static ApiOutcome read(ClientHttpResponse response, KeyMask mask) throws IOException {
		int status = response.getStatusCode().value();
		HttpHeaders headers = response.getHeaders();
		Duration retryAfter = retryAfter(headers.getFirst(HttpHeaders.RETRY_AFTER));
		if (status >= 300 && status < 400) {
			return new NoAnswer(ExchangeFailure.REDIRECTED, status,
					redirected(status, headers.getFirst(HttpHeaders.LOCATION)), retryAfter, null);
		}
		InputStream body = response.getBody();
		Head head = Head.read(body, headers.getContentLength());
		if (!head.looksLikeObject()) {
			return new NoAnswer(ExchangeFailure.NOT_API_JSON, status, foreign(status, text(head, mask), headers),
					retryAfter, null);
		}
		try {
			return new Answer(status, parse(head, body), retryAfter);
		}
		catch (JacksonException ex) {
			if (ex.getCause() instanceof IOException io) {
				throw io;
			}
			return new NoAnswer(
					ExchangeFailure.NOT_API_JSON, status, "The answer (" + statusLine(status)
							+ ") is cut off or is not valid JSON; it begins with: " + text(head, mask),
					retryAfter, null);
		}
	}

	private static Map<String, @Nullable Object> parse(Head head, InputStream rest) {
		if (head.whole()) {
			return WireJson.readObject(head.bytes());
		}
		Base64Runs json = new Base64Runs(new SequenceInputStream(new ByteArrayInputStream(head.bytes()), rest));
		Map<String, @Nullable Object> object = WireJson.readObject(json);
		json.restore(object);
		return object;
	}

	private static String foreign(int status, String text, HttpHeaders headers) {
		if (status >= 400) {
			return text.isEmpty() ? statusLine(status) : text;
		}
		Object type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		return "The answer (" + statusLine(status) + ") is not the API's JSON but "
				+ (text.isEmpty() ? "empty" : ((type != null) ? type : "something without a type") + ": " + text)
				+ ". Is 'aki.io.api-server' the address of AKI.IO?";
	}

	/**
	 * Return the text of an answer that is none of the API's. It is masked before
	 * anything is cut off, so that no half of the key is left.
	 */
	private static String text(Head head, KeyMask mask) {
		String text = mask.mask(new String(head.bytes(), StandardCharsets.UTF_8));
		if (!head.whole()) {
			text = text.substring(0, Math.max(0, text.length() - mask.maxLength()));
		}
		text = text.strip();
		if (text.startsWith("<")) {
			String visible = TAG.matcher(INVISIBLE_HTML.matcher(text).replaceAll(" ")).replaceAll(" ");
			text = visible.replaceAll("\\s+", " ").strip();
		}
		return (text.length() > MAX_TEXT) ? text.substring(0, MAX_TEXT) + "…" : text;
	}

	private static String statusLine(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		return (known != null) ? status + " " + known.getReasonPhrase() : String.valueOf(status);
	}

	private static String redirected(int status, @Nullable String location) {
		String target = "";
		if (location != null) {
			int end = location.indexOf('?');
			target = " to " + ((end >= 0) ? location.substring(0, end) : location);
		}
		return "The server redirects (" + statusLine(status) + ")" + target
				+ ". Redirects are not followed, because the request carries the API key:"
				+ " set 'aki.io.api-server' to the final address";
	}

	private static @Nullable Duration retryAfter(@Nullable String value) {
		if (value == null) {
			return null;
		}
		try {
			Duration wait = value.strip().matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value.strip()))
					: Duration.between(Instant.now(),
							ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
			return wait.isNegative() ? Duration.ZERO : wait;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	private static NoAnswer noAnswer(RuntimeException ex, LimitedExchange exchange) {
		Throwable cause = NetworkFailure.causeOf(ex);
		ExchangeLimits limits = exchange.limits();
		ExchangeFailure kind = NetworkFailure.kindOf(cause, exchange);
		String message = switch (kind) {
			case NOT_CONNECTED -> "The server cannot be reached: " + NetworkFailure.describe(cause);
			case NOT_TRUSTED -> "The encrypted connection was refused: " + NetworkFailure.describe(cause);
			case NOT_SENT -> "No connection was available within " + seconds(limits.timeout()) + ": nothing was sent";
			case TIMED_OUT -> "No complete answer within " + seconds(limits.timeout());
			case INTERRUPTED -> "Interrupted while waiting for the answer";
			case TOO_LARGE -> "The answer is larger than " + limits.maxBytes()
					+ " bytes: raise 'aki.io.max-response-size' if that is expected";
			default -> "The connection failed before the answer was complete: " + NetworkFailure.describe(cause);
		};
		return new NoAnswer(kind, 0, message, null, (kind != ExchangeFailure.TOO_LARGE) ? cause : null);
	}

	private static String seconds(Duration time) {
		return time.toMillis() / 1000.0 + " s";
	}

	/**
	 * The beginning of an answer; of most answers everything.
	 *
	 * @param bytes what was read
	 * @param whole whether there is no more to come
	 */
	private record Head(byte[] bytes, boolean whole) {

		/**
		 * Read one byte more than there should be, which tells the end, and whether the
		 * length was that of a packed body.
		 */
		static Head read(InputStream body, long contentLength) throws IOException {
			int size = (contentLength >= 0 && contentLength < HEAD_SIZE) ? (int) contentLength + 1 : HEAD_SIZE;
			byte[] bytes = body.readNBytes(size);
			return new Head(bytes, bytes.length < size);
		}

		boolean looksLikeObject() {
			for (byte b : this.bytes) {
				if (!Character.isWhitespace(b)) {
					return b == '{';
				}
			}
			return false;
		}

	}

}
