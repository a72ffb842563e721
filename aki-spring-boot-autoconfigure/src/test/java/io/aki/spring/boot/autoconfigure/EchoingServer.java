package io.aki.spring.boot.autoconfigure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server, or a gateway in front of it, that fails in a selected way. It repeats the
 * request and its key wherever it can.
 */
final class EchoingServer implements AutoCloseable {

	private final ServerSocket socket;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final String key;

	private volatile Fault fault = Fault.ERROR_STATUS;

	EchoingServer(String key) {
		this.key = key;
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(this::accept);
	}

	int port() {
		return this.socket.getLocalPort();
	}

	void fail(Fault fault) {
		this.fault = fault;
	}

	private void accept() {
		try {
			while (true) {
				Socket connection = this.socket.accept();
				this.connections.add(connection);
				this.threads.execute(() -> serve(connection));
			}
		}
		catch (IOException ex) {
			// the server socket is closed
		}
	}

	private void serve(Socket connection) {
		try (connection) {
			InputStream in = new BufferedInputStream(connection.getInputStream());
			OutputStream out = connection.getOutputStream();
			if (this.fault == Fault.NO_TLS) {
				in.read();
				out.write(this.key.getBytes(StandardCharsets.ISO_8859_1));
				return;
			}
			String request = readRequest(in);
			if (request.startsWith("POST /api/call/") && request.contains("\"wait_for_result\":false")) {
				write(out, "200 OK", "application/json", "{\"success\":true,\"job_id\":\"j#1\"}");
			}
			else {
				fail(connection, out, request);
			}
		}
		catch (IOException ex) {
			// the client closed the connection
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.connections.remove(connection);
		}
	}

	private void fail(Socket connection, OutputStream out, String request) throws IOException, InterruptedException {
		String json = "\"" + json(this.key) + " of " + json(request) + "\"";
		String text = this.key + " of " + request;
		switch (this.fault) {
			case ERROR_STATUS -> write(out, "401 x", "application/json",
					"{\"success\":false,\"error\":" + json + ",\"request\":" + json + "}");
			case ERROR_LIST -> write(out, "400 x", "application/json", "{\"error\":[\"x\"," + json + "]}");
			case ERROR_MESSAGE -> write(out, "402 x", "application/json", "{\"message\":" + json + "}");
			case SERVER_ERROR -> write(out, "503 x", "application/json", "{\"error\":" + json + "}");
			case SLASHES_ESCAPED ->
				write(out, "400 x", "application/json", "{\"error\":" + json.replace("/", "\\/") + "}");
			case NO_SUCCESS -> write(out, "200 OK", "application/json", "{\"success\":false,\"error\":" + json + "}");
			case NAME -> write(out, "200 OK", "application/json", "{" + json + ":" + json + "}");
			case WORKER_ERROR ->
				write(out, "200 OK", "application/json", "{\"success\":true,\"job_state\":\"done\",\"error\":" + json
						+ ",\"job_result\":{\"success\":true,\"error\":" + json + "}}");
			case LAPSED -> write(out, "400 x", "application/json", "{\"job_state\":\"lapsed\",\"error\":" + json + "}");
			case HTML_ERROR -> write(out, "502 x", "text/html", "<html><body><p>" + html(text) + "</p></body></html>");
			case HTML -> write(out, "200 OK", "text/html", "<html><body><p>" + html(text) + "</p></body></html>");
			case TEXT -> write(out, "404 x", "text/plain", text);
			case CUT_IN_THE_KEY -> write(out, "502 x", "text/html",
					"<html><!--" + "x".repeat(8192 - 17 - this.key.length() / 2) + "-->" + this.key + "</html>");
			case MALFORMED -> write(out, "200 OK", "application/json", "{\"request\":" + json + ", oops " + text);
			case CONTENT_TYPE -> write(out, "200 OK", "text/" + this.key, "x");
			case REDIRECT ->
				out.write(("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/" + this.key + "/?key=" + this.key
						+ "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.ISO_8859_1));
			case STATUS_LINE -> out.write((this.key + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
			case STATUS_CODE ->
				out.write(("HTTP/1.1 " + this.key + " x\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
			case HEADER ->
				out.write(("HTTP/1.1 200 OK\r\n" + this.key + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
			case CONTENT_LENGTH -> out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + this.key + "\r\n\r\n")
				.getBytes(StandardCharsets.ISO_8859_1));
			case CHUNK ->
				out.write(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + this.key + "\r\n" + this.key)
					.getBytes(StandardCharsets.ISO_8859_1));
			case RETRY_AFTER -> out.write(("HTTP/1.1 429 x\r\nRetry-After: " + this.key + "\r\nContent-Length: 0\r\n"
					+ "Connection: close\r\n\r\n")
				.getBytes(StandardCharsets.ISO_8859_1));
			case CUT -> out.write(("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{\"error\":" + json)
				.getBytes(StandardCharsets.ISO_8859_1));
			case TOO_LARGE -> write(out, "200 OK", "application/json",
					"{\"error\":" + json + ",\"x\":\"" + "x".repeat(40000) + "\"}");
			case EMPTY -> write(out, "200 OK", "application/json", "");
			case RESET -> connection.setSoLinger(true, 0);
			case SILENT -> this.closed.await();
			case NO_TLS, REFUSED -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
		}
		out.flush();
	}

	private static void write(OutputStream out, String status, String type, String body) throws IOException {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		out.write(("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length
				+ "\r\nConnection: close\r\n\r\n")
			.getBytes(StandardCharsets.ISO_8859_1));
		out.write(bytes);
		out.flush();
	}

	private static String json(String text) {
		return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
	}

	private static String html(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
	}

	private static String readRequest(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		int length = 0;
		String line = readLine(in);
		head.append(line).append('\n');
		while (!line.isEmpty()) {
			String lowerCase = line.toLowerCase(Locale.ROOT);
			if (lowerCase.startsWith("content-length:")) {
				length = Integer.parseInt(lowerCase.substring(15).strip());
			}
			line = readLine(in);
		}
		return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
	}

	private static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		int c = in.read();
		while (c != '\n') {
			if (c < 0) {
				throw new IOException("no request");
			}
			if (c != '\r') {
				line.append((char) c);
			}
			c = in.read();
		}
		return line.toString();
	}

	@Override
	public void close() {
		this.closed.countDown();
		try {
			this.socket.close();
			for (Socket connection : this.connections) {
				connection.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.shutdownNow();
	}

	/**
	 * The ways in which the server fails.
	 */
	enum Fault {

		ERROR_STATUS, ERROR_LIST, ERROR_MESSAGE, SERVER_ERROR, SLASHES_ESCAPED, NO_SUCCESS, NAME, WORKER_ERROR, LAPSED,
		HTML_ERROR, HTML, TEXT, CUT_IN_THE_KEY, MALFORMED, CONTENT_TYPE, REDIRECT, STATUS_LINE, STATUS_CODE, HEADER,
		CONTENT_LENGTH, CHUNK, RETRY_AFTER, CUT, TOO_LARGE, EMPTY, RESET, SILENT,

		/** The client uses TLS, but this server does not support it. */
		NO_TLS,

		/** The client connects to a port on which no server listens. */
		REFUSED

	}

}
