package io.aki.sample.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy on a free loopback port that cuts off a response to a POST, once. It never cuts
 * off a response to a GET: the page and its modules arrive complete, however late the
 * browser requests them.
 */
final class CuttingProxy implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final AtomicInteger cuts = new AtomicInteger();

	private final int target;

	private final int bytes;

	/**
	 * Start a proxy.
	 * @param target the port of the application
	 * @param bytes the number of bytes of the response to forward before it is cut off
	 */
	CuttingProxy(int target, int bytes) throws IOException {
		this.target = target;
		this.bytes = bytes;
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return the number of responses that were cut off.
	 */
	int cuts() {
		return this.cuts.get();
	}

	private interface Task {

		void run() throws IOException;

	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// a connection was closed
			}
		}, "cutting-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.server.accept();
			Socket application = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.sockets.addAll(List.of(client, application));
			AtomicBoolean posted = new AtomicBoolean();
			start(() -> request(client, application, posted));
			start(() -> respond(client, application, posted));
		}
	}

	private void request(Socket client, Socket application, AtomicBoolean posted) throws IOException {
		InputStream input = client.getInputStream();
		OutputStream output = application.getOutputStream();
		byte[] buffer = new byte[8192];
		for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
			// a browser sends the next request after the last response, so that no read
			// returns the end of one request and the start of the next
			String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
			if (text.startsWith("POST ") || text.startsWith("GET ")) {
				posted.set(text.startsWith("POST "));
			}
			output.write(buffer, 0, length);
		}
	}

	private void respond(Socket client, Socket application, AtomicBoolean posted) throws IOException {
		try (client; application) {
			InputStream input = application.getInputStream();
			OutputStream output = client.getOutputStream();
			byte[] buffer = new byte[512];
			int sum = 0;
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				sum = posted.get() ? sum + length : 0;
				if (sum > this.bytes && this.cuts.compareAndSet(0, 1)) {
					output.write(buffer, 0, length - (sum - this.bytes));
					return;
				}
				output.write(buffer, 0, length);
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
