package io.aki.spring.boot.test;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Accepts connections. When the connector has stopped, its accepting thread can still
 * keep the port open for a moment. {@link #awaitFreePort()} waits until the port is
 * closed.
 */
final class Listener extends ServerConnector {

	private final Lock accepting = new ReentrantLock();

	Listener(Server server, ConnectionFactory connections) {
		super(server, 1, 1, connections);
	}

	@Override
	public void accept(int acceptorId) throws IOException {
		this.accepting.lock();
		try {
			super.accept(acceptorId);
		}
		finally {
			this.accepting.unlock();
		}
	}

	/**
	 * Wait until the port is free after the connector has stopped.
	 */
	void awaitFreePort() {
		this.accepting.lock();
		this.accepting.unlock();
	}

}
