package io.aki.spring.boot.test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An answer on its way out.
 *
 * @param status the HTTP status
 * @param contentType the media type
 * @param body the body's bytes
 */
record Answer(int status, String contentType, byte[] body) {

	static Answer json(int status, Map<String, ? extends @Nullable Object> body) {
		return new Answer(status, "application/json", JsonText.bytes(body));
	}

	/**
	 * A call or a poll that is refused.
	 * @param error a message, or a list of them: the server has both
	 */
	static Answer refused(int status, Object error, Endpoint endpoint) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("success", false);
		body.put("error", error);
		body.put("ep_version", endpoint.version());
		return json(status, body);
	}

	/**
	 * An error of the HTTP layer, as the server words it for a JSON request.
	 */
	static Answer jsonError(int status, String reason, String message) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("description", reason);
		body.put("status", status);
		body.put("message", message);
		return json(status, body);
	}

	/**
	 * An error of the HTTP layer, as the server words it for any other request.
	 */
	static Answer textError(int status, String reason, String message) {
		String title = "⚠️ " + status + " — " + reason;
		String text = title + "\n" + "=".repeat(title.codePointCount(0, title.length())) + "\n" + message + "\n\n";
		return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
	}

}
