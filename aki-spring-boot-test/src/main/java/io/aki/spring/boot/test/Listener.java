package io.aki.spring.boot.test;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Takes connections, and tells when it really does so no more: a thread that waits for
 * one keeps the port open for a moment after it has been closed.
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
	 * Waits, once it has been stopped, until the port is free.
	 */
	void awaitFreePort() {
		this.accepting.lock();
		this.accepting.unlock();
	}

}
