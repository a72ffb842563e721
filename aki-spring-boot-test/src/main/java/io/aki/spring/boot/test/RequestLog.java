package io.aki.spring.boot.test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Records the requests that the emulator has received. The number of requests and
 * characters is limited, because an emulator may run for days. Thread-safe.
 */
final class RequestLog {

	private static final int MOST_REQUESTS = 100_000;

	private static final long MOST_CHARACTERS = 256_000_000;

	private final Deque<AkiEmulatorRequest> requests = new ArrayDeque<>();

	private long characters;

	synchronized void add(AkiEmulatorRequest request) {
		this.requests.add(request);
		this.characters += request.rawBody().length();
		while (this.requests.size() > MOST_REQUESTS
				|| (this.characters > MOST_CHARACTERS && this.requests.size() > 1)) {
			this.characters -= this.requests.remove().rawBody().length();
		}
	}

	synchronized List<AkiEmulatorRequest> requests() {
		return List.copyOf(this.requests);
	}

	synchronized void clear() {
		this.requests.clear();
		this.characters = 0;
	}

}
