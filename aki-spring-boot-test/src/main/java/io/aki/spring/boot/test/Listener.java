package io.aki.spring.boot.test;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Accepts connections. It can wait until the port is really closed: a thread that waits
 * for a connection keeps the port open for a moment after it was closed.
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
	 * Wait until the port is free after a stop.
	 */
	void awaitFreePort() {
		this.accepting.lock();
		this.accepting.unlock();
	}

}
