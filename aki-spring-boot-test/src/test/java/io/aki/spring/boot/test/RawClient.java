package io.aki.spring.boot.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Sends requests to an emulator over a plain socket, so that tests can check the HTTP
 * traffic.
 */
final class RawClient implements AutoCloseable {

	private final AkiEmulator emulator;

	private final Socket socket;

	RawClient(AkiEmulator emulator) throws IOException {
		this.emulator = emulator;
		this.socket = new Socket("127.0.0.1", emulator.port());
		this.socket.setSoTimeout(20_000);
	}

	RawClient post(String path, Map<String, ?> body) throws IOException {
		byte[] json = EmulatorClient.JSON.writeValueAsBytes(body);
		head(path, json.length);
		this.socket.getOutputStream().write(json);
		return this;
	}

	RawClient poll(String endpoint, String jobId) throws IOException {
		return post("/api/progress/" + endpoint, Map.of("key", this.emulator.apiKey(), "job_id", jobId));
	}

	RawClient start(String prompt) throws IOException {
		return post("/api/call/llama3_8b_chat",
				Map.of("key", this.emulator.apiKey(), "prompt_input", prompt, "wait_for_result", false));
	}

	/**
	 * Send the head of a POST request that declares a body. The test decides whether it
	 * sends the body.
	 */
	RawClient head(String path, int contentLength) throws IOException {
		String head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
				+ "Content-Length: " + contentLength + "\r\n\r\n";
		this.socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
		return this;
	}

	/**
	 * Read the head of the response, including the empty line.
	 */
	String readHead() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = input().read();
			if (next < 0) {
				throw new IOException("The answer ends in its head: " + head);
			}
			head.append((char) next);
		}
		return head.toString();
	}

	static int contentLength(String head) {
		return head.lines()
			.filter((line) -> line.startsWith("Content-Length: "))
			.mapToInt((line) -> Integer.parseInt(line.substring("Content-Length: ".length())))
			.findFirst()
			.orElse(-1);
	}

	InputStream input() throws IOException {
		return this.socket.getInputStream();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
