package io.aki.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A request that guards have allowed. It tells them once that the request has ended.
 */
final class StartPermit {

	/** The permit of a request that no guard was asked for. */
	static final StartPermit UNGUARDED = new StartPermit(null);

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final @Nullable AkiStartRequest request;

	private final Deque<AkiRequestGuard> guards = new ArrayDeque<>();

	private final AtomicBoolean ended = new AtomicBoolean();

	StartPermit(@Nullable AkiStartRequest request) {
		this.request = request;
	}

	/**
	 * Add a guard that has allowed the request.
	 */
	void allowedBy(AkiRequestGuard guard) {
		this.guards.push(guard);
	}

	/**
	 * End the request. The guard that was asked last is told first.
	 */
	void end() {
		AkiStartRequest request = this.request;
		if (request != null && this.ended.compareAndSet(false, true)) {
			this.guards.forEach((guard) -> end(guard, request));
		}
	}

	private static void log(AkiStartRequest request, Throwable failure) {
		try {
			logger.error("afterEnd() of an AkiRequestGuard failed for " + request, failure);
		}
		catch (RuntimeException | Error ex) {
			// a logger that fails must not lose the result
		}
	}

	private static void end(AkiRequestGuard guard, AkiStartRequest request) {
		try {
			guard.afterEnd(request);
		}
		catch (Throwable ex) {
			log(request, ex);
		}
	}

}
