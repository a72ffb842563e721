package io.aki.spring.boot.test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A response of the emulator.
 *
 * @param status the HTTP status
 * @param contentType the media type
 * @param body the body's bytes
 */
record EmulatedResponse(int status, String contentType, byte[] body) {

	static EmulatedResponse json(int status, Map<String, ? extends @Nullable Object> body) {
		return new EmulatedResponse(status, "application/json", JsonText.bytes(body));
	}

	/**
	 * Return the response to a call or poll that is rejected.
	 * @param error a message or a list of messages, because the server uses both
	 */
	static EmulatedResponse refused(int status, Object error, Endpoint endpoint) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("success", false);
		body.put("error", error);
		body.put("ep_version", endpoint.version());
		return json(status, body);
	}

	/**
	 * Return an error of the HTTP layer in the form that the server uses for JSON
	 * requests.
	 */
	static EmulatedResponse jsonError(int status, String reason, String message) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("description", reason);
		body.put("status", status);
		body.put("message", message);
		return json(status, body);
	}

	/**
	 * Return an error of the HTTP layer in the form that the server uses for all other
	 * requests.
	 */
	static EmulatedResponse textError(int status, String reason, String message) {
		String title = "⚠️ " + status + " — " + reason;
		String text = title + "\n" + "=".repeat(title.codePointCount(0, title.length())) + "\n" + message + "\n\n";
		return new EmulatedResponse(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
	}

}
