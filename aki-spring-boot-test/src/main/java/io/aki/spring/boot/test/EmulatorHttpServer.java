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

	private final HttpConfiguration configuration = new HttpConfiguration();

	private final RouteHandler routes;

	private Listener connector;

	private int port;

	private @Nullable Socket placeholder;

	EmulatorHttpServer(EmulatorThreads threads, RouteHandler routes) {
		this.threads = threads;
		this.server = new Server(threads.pool(), threads.timer(), null);
		this.routes = routes;
		this.configuration.setSendServerVersion(false);
		// accept all paths here, because the routes record and reject unusual ones
		this.configuration.setUriCompliance(UriCompliance.UNSAFE);
		this.connector = connector(0);
		this.server.setHandler(routes);
	}

	private Listener connector(int port) {
		Listener connector = new Listener(this.server, new HttpConnectionFactory(this.configuration));
		connector.setHost(LOOPBACK);
		connector.setPort(port);
		// no timeout, because a call can wait for its job for any length of time
		connector.setIdleTimeout(0);
		return connector;
	}

	void start(int port) {
		this.connector.setPort(port);
		this.server.addConnector(this.connector);
		try {
			this.server.start();
		}
		catch (Exception ex) {
			stopServer();
			throw new UncheckedIOException("The emulator cannot listen on port " + port,
					(ex instanceof IOException io) ? io : new IOException(ex));
		}
		this.port = this.connector.getLocalPort();
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
				this.server.removeConnector(this.connector);
				this.placeholder = placeholder(this.port);
			}
			else if (!refuse && this.server.isRunning() && !this.connector.isRunning()) {
				dropPlaceholder();
				// not the one that was stopped: its threads can still be running
				this.connector = connector(this.port);
				this.server.addConnector(this.connector);
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
