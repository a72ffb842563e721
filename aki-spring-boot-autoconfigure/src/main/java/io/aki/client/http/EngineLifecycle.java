package io.aki.client.http;

import java.io.IOException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;

/**
 * Closes an HTTP engine when its last exchange has ended. The time limits of the
 * exchanges also limit this wait. Thread-safe.
 */
final class EngineLifecycle {

	private static final Log logger = LogFactory.getLog(EngineLifecycle.class);

	private final DisposableBean engine;

	private int exchanges;

	private boolean closing;

	EngineLifecycle(DisposableBean engine) {
		this.engine = engine;
	}

	/**
	 * Count an exchange until {@link #end()} is called for it.
	 * @throws IOException if the engine is to be closed
	 */
	synchronized void begin() throws IOException {
		if (this.closing) {
			throw new IOException("The HTTP engine is closed");
		}
		this.exchanges++;
	}

	synchronized void end() {
		this.exchanges--;
		closeIfUnused();
	}

	/**
	 * Refuse further exchanges, and close the engine without waiting for those in flight.
	 */
	synchronized void close() {
		this.closing = true;
		closeIfUnused();
	}

	private void closeIfUnused() {
		if (this.closing && this.exchanges == 0) {
			try {
				this.engine.destroy();
			}
			catch (Exception ex) {
				logger.debug("Closing the HTTP engine failed", ex);
			}
		}
	}

}
