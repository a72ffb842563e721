package io.aki.spring.boot.test;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The HTTP server on the loopback interface.
 */
final class HttpFront {

	private static final long LAST_ANSWERS_MILLIS = 2000;

	private final Server server;

	private final ServerConnector connector;

	private final RouteHandler routes;

	private int port;

	HttpFront(EmulatorThreads threads, RouteHandler routes) {
		this.server = new Server(threads.pool(), threads.timer(), null);
		this.routes = routes;
		HttpConfiguration configuration = new HttpConfiguration();
		configuration.setSendServerVersion(false);
		// what is no plain path is the routes' to refuse, and to record
		configuration.setUriCompliance(UriCompliance.UNSAFE);
		this.connector = new ServerConnector(this.server, 1, 1, new HttpConnectionFactory(configuration));
		this.connector.setHost("127.0.0.1");
		// a call may wait for its job as long as it likes
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
	}

	int port() {
		return this.port;
	}

	void stop() {
		this.routes.awaitAnswers(LAST_ANSWERS_MILLIS);
		stopServer();
	}

	private void stopServer() {
		try {
			this.server.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The emulator did not stop", ex);
		}
	}

}
