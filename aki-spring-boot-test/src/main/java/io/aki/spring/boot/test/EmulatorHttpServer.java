package io.aki.spring.boot.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of the emulator. It listens on the loopback interface.
 */
final class EmulatorHttpServer {

	private static final String LOOPBACK = "127.0.0.1";

	private static final long LAST_ANSWERS_MILLIS = 2000;

	private final EmulatorThreads threads;

	private final Server server;

	private final Listener connector;

	private final RouteHandler routes;

	private int port;

	private @Nullable Socket placeholder;

	EmulatorHttpServer(EmulatorThreads threads, RouteHandler routes) {
		this.threads = threads;
		this.server = new Server(threads.pool(), threads.timer(), null);
		this.routes = routes;
		HttpConfiguration configuration = new HttpConfiguration();
		configuration.setSendServerVersion(false);
		// accept all paths here, because the routes record and reject unusual ones
		configuration.setUriCompliance(UriCompliance.UNSAFE);
		this.connector = new Listener(this.server, new HttpConnectionFactory(configuration));
		this.connector.setHost(LOOPBACK);
		// no timeout, because a call can wait for its job for any length of time
		this.connector.setIdleTimeout(0);
		this.server.addConnector(this.connector);
		this.server.setHandler(routes);
	}

	void start(int port) {
		this.connector.setPort(port);
		try {
			this.server.start();
		}
		catch (Exception ex) {
			stopServer();
			throw new UncheckedIOException("The emulator cannot listen on port " + port,
					(ex instanceof IOException io) ? io : new IOException(ex));
		}
		this.port = this.connector.getLocalPort();
		// use the same port if the connector is stopped and started again
		this.connector.setPort(this.port);
	}

	int port() {
		return this.port;
	}

	/**
	 * Close the port and all connections, or open the same port again.
	 */
	synchronized void refuseConnections(boolean refuse) {
		try {
			if (refuse && this.connector.isRunning()) {
				this.connector.stop();
				this.connector.awaitFreePort();
				this.placeholder = placeholder(this.port);
			}
			else if (!refuse && this.server.isRunning() && !this.connector.isRunning()) {
				dropPlaceholder();
				this.connector.start();
			}
		}
		catch (Exception ex) {
			throw new UncheckedIOException("The emulator cannot go off port " + this.port + ", or come back",
					(ex instanceof IOException io) ? io : new IOException(ex));
		}
	}

	// Reserve the port with a bound socket that does not listen. No other socket can then
	// use the port, not even as the local port of an outgoing connection.
	private static Socket placeholder(int port) throws IOException {
		Socket socket = new Socket();
		socket.setReuseAddress(true);
		socket.bind(new InetSocketAddress(LOOPBACK, port));
		return socket;
	}

	private void dropPlaceholder() throws IOException {
		if (this.placeholder != null) {
			this.placeholder.close();
			this.placeholder = null;
		}
	}

	synchronized void stop() {
		this.routes.awaitAnswers(LAST_ANSWERS_MILLIS);
		stopServer();
	}

	private void stopServer() {
		try {
			this.server.stop();
			this.connector.awaitFreePort();
			dropPlaceholder();
			this.threads.awaitEnd();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The emulator did not stop", ex);
		}
	}

}
