package io.aki.sample.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.MediaType;

/**
 * Sends the response of a filter that rejects a request. It has the same format as the
 * API's errors.
 */
final class Refusal {

	private Refusal() {
	}

	static void send(HttpServletResponse response, int status, String error) throws IOException {
		response.setStatus(status);
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		response.getOutputStream()
			.write(("{\"success\":false,\"error\":\"" + error + "\"}").getBytes(StandardCharsets.UTF_8));
	}

}
