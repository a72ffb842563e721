package io.aki.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Pattern;

import io.aki.client.http.ExchangeFailure;
import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Reads and evaluates an HTTP response. The key is masked in everything that may become
 * part of an error message.
 */
final class HttpResponseReader {

	private static final int HEAD_SIZE = 8192;

	private static final int MAX_TEXT = 1000;

	private static final Pattern INVISIBLE_HTML = Pattern.compile("(?is)<(head|script|style)\\b.*?</\\1>|<!--.*?-->");

	private static final Pattern TAG = Pattern.compile("(?s)<[^>]*>");

	private HttpResponseReader() {
	}

	static ApiResponse read(ClientHttpResponse response, KeyMask mask) throws IOException {
		int status = response.getStatusCode().value();
		HttpHeaders headers = response.getHeaders();
		Duration retryAfter = retryAfter(headers.getFirst(HttpHeaders.RETRY_AFTER));
		if (status >= 300 && status < 400) {
			String message = mask.mask(redirected(status, headers.getFirst(HttpHeaders.LOCATION)));
			return ApiResponse.failed(ExchangeFailure.REDIRECTED, status, message, retryAfter, null);
		}
		InputStream body = response.getBody();
		Head head = Head.read(body, headers.getContentLength());
		if (!head.looksLikeObject()) {
			String message = notJson(status, text(head, mask), headers.getFirst(HttpHeaders.CONTENT_TYPE));
			return ApiResponse.failed(ExchangeFailure.NOT_API_JSON, status, mask.mask(message), retryAfter, null);
		}
		try {
			return masked(ApiResponse.of(status, head.parse(body), retryAfter), mask);
		}
		catch (JacksonException ex) {
			if (ex.getCause() instanceof IOException io) {
				throw io;
			}
			String message = "The response (" + ApiResponse.statusLine(status)
					+ ") is cut off or is not valid JSON. It starts with: " + text(head, mask);
			return ApiResponse.failed(ExchangeFailure.NOT_API_JSON, status, mask.mask(message), retryAfter, null);
		}
	}

	/**
	 * Mask the key in a response that does not say success: its error texts may repeat
	 * the request.
	 */
	private static ApiResponse masked(ApiResponse response, KeyMask mask) {
		boolean success = response.failure() == null && response.body().containsKey("success");
		return success ? response : response.masked(mask);
	}

	private static String notJson(int status, String text, @Nullable String contentType) {
		if (status >= 400) {
			return text.isEmpty() ? ApiResponse.statusLine(status) : text;
		}
		String content = text.isEmpty() ? "empty"
				: ((contentType != null) ? contentType : "of an unknown type") + ": " + text;
		return "The response (" + ApiResponse.statusLine(status) + ") is not JSON of the API but " + content
				+ ". Is 'aki.io.api-server' the address of AKI.IO?";
	}

	/**
	 * Return the text of a response that is not JSON. The key is masked before the text
	 * is shortened, so that no part of the key remains.
	 */
	private static String text(Head head, KeyMask mask) {
		String text = mask.mask(new String(head.bytes(), StandardCharsets.UTF_8));
		if (!head.complete()) {
			text = text.substring(0, Math.max(0, text.length() - mask.maxLength()));
		}
		text = text.strip();
		if (text.startsWith("<")) {
			String visible = TAG.matcher(INVISIBLE_HTML.matcher(text).replaceAll(" ")).replaceAll(" ");
			text = visible.replaceAll("\\s+", " ").strip();
		}
		return (text.length() > MAX_TEXT) ? text.substring(0, MAX_TEXT) + "…" : text;
	}

	private static String redirected(int status, @Nullable String location) {
		String target = "";
		if (location != null) {
			int end = location.indexOf('?');
			target = " to " + ((end >= 0) ? location.substring(0, end) : location);
		}
		return "The server redirects (" + ApiResponse.statusLine(status) + ")" + target
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

	/**
	 * The first bytes of a response. Most responses are not longer.
	 *
	 * @param bytes the bytes
	 * @param complete whether these are all bytes of the response
	 */
	private record Head(byte[] bytes, boolean complete) {

		/**
		 * Read one byte more than the declared length. This detects the end of the body.
		 * It also detects that the declared length is the length of the compressed body.
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

		Map<String, @Nullable Object> parse(InputStream rest) {
			return this.complete ? ApiJson.readObject(this.bytes) : ApiJson.readLargeObject(this.bytes, rest);
		}

	}

}
