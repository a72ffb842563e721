package io.aki.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * Sends requests byte for byte. The JDK's HTTP client does not allow all URLs and
 * headers.
 */
public final class RawHttp {

	private final int port;

	public RawHttp(int port) {
		this.port = port;
	}

	/**
	 * Send a request without a body.
	 * @param request the method and the path
	 * @param headers the headers; the Host is added if it is missing
	 * @return the status line, the headers and the body
	 */
	public String send(String request, String... headers) {
		return sendBody("", request, headers);
	}

	public String sendBody(String body, String request, String... headers) {
		String all = String.join("\r\n", headers);
		String host = Stream.of(headers).anyMatch((header) -> header.startsWith("Host:")) ? ""
				: "Host: 127.0.0.1:" + this.port + "\r\n";
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			// a stream that is not rejected does not end
			socket.setSoTimeout(20_000);
			OutputStream out = socket.getOutputStream();
			out.write((request + " HTTP/1.1\r\n" + host + all + (all.isEmpty() ? "" : "\r\n")
					+ "Connection: close\r\n\r\n" + body)
				.getBytes(StandardCharsets.UTF_8));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
