package io.aki.client;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that writes the bytes that a test passes, valid or not. It can close the
 * connection in the middle of a body. The last reply is repeated.
 */
final class RawServer implements AutoCloseable {

	private final ServerSocket socket;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final AtomicInteger next = new AtomicInteger();

	private volatile Reply[] script = {};

	RawServer() {
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(this::accept);
	}

	String url() {
		return "http://127.0.0.1:" + this.socket.getLocalPort();
	}

	void script(Reply... script) {
		this.next.set(0);
		this.script = script;
	}

	private void accept() {
		try {
			while (true) {
				Socket connection = this.socket.accept();
				connection.setTcpNoDelay(true);
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
			while (readRequest(in)) {
				Reply[] script = this.script;
				Reply reply = script[Math.min(this.next.getAndIncrement(), script.length - 1)];
				write(connection.getOutputStream(), reply);
				if (reply.cut()) {
					return;
				}
			}
		}
		catch (IOException ex) {
			// the client closed the connection
		}
		finally {
			this.connections.remove(connection);
		}
	}

	private static boolean readRequest(InputStream in) throws IOException {
		int length = 0;
		String line = readLine(in);
		if (line == null) {
			return false;
		}
		while (line != null && !line.isEmpty()) {
			String lowerCase = line.toLowerCase(Locale.ROOT);
			if (lowerCase.startsWith("content-length:")) {
				length = Integer.parseInt(lowerCase.substring(15).strip());
			}
			line = readLine(in);
		}
		in.readNBytes(length);
		return true;
	}

	private static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		int c;
		while ((c = in.read()) != '\n') {
			if (c < 0) {
				return null;
			}
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

	private static void write(OutputStream out, Reply reply) throws IOException {
		boolean bodiless = reply.status() == 204;
		int length = bodiless ? 0 : reply.body().length;
		String head = "HTTP/1.1 " + reply.status() + " x\r\nContent-Type: application/json\r\n"
				+ (bodiless ? "" : "Content-Length: " + (length + (reply.cut() ? 10 : 0)) + "\r\n") + "\r\n";
		out.write(head.getBytes(StandardCharsets.US_ASCII));
		out.write(reply.body(), 0, length);
		out.flush();
	}

	@Override
	public void close() {
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
	 * A response.
	 *
	 * @param status the status
	 * @param body the bytes
	 * @param cut whether the connection ends before the body is complete
	 */
	record Reply(int status, byte[] body, boolean cut) {

		@Override
		public String toString() {
			String text = new String(this.body, StandardCharsets.UTF_8);
			return this.status + (this.cut ? " cut " : " ") + text.substring(0, Math.min(text.length(), 300));
		}

	}

}
