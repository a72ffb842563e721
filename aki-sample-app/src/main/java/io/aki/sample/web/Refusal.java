package io.aki.sample.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.MediaType;

/**
 * A request refused by a filter, in the form that the API's errors have.
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
