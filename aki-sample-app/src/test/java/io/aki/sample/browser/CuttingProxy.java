package io.aki.sample.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy on a free loopback port that can cut off a response.
 */
final class CuttingProxy implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final AtomicBoolean cutting = new AtomicBoolean();

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
	 * Cut off the next response that is longer than the number of bytes.
	 */
	void cut() {
		this.cutting.set(true);
	}

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
			start(() -> client.getInputStream().transferTo(application.getOutputStream()));
			start(() -> respond(client, application));
		}
	}

	private void respond(Socket client, Socket application) throws IOException {
		try (client; application) {
			InputStream input = application.getInputStream();
			OutputStream output = client.getOutputStream();
			byte[] buffer = new byte[512];
			int sum = 0;
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				output.write(buffer, 0, length);
				sum = this.cutting.get() ? sum + length : 0;
				if (sum >= this.bytes && this.cutting.compareAndSet(true, false)) {
					this.cuts.incrementAndGet();
					return;
				}
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
