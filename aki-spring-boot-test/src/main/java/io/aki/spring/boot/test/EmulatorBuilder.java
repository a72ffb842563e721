package io.aki.spring.boot.test;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Default implementation of {@link AkiEmulator.Builder}.
 */
final class EmulatorBuilder implements AkiEmulator.Builder {

	EndpointCatalog catalog = EndpointCatalog.load();

	int port;

	List<String> apiKeys = List.of("test-key");

	// random by default: emulators with the same seed create the same job ids, so that a
	// job id that an application has stored could match another job
	long seed = new SecureRandom().nextLong();

	double pace = 1;

	@Nullable AkiEmulatorClock clock;

	final Map<String, Integer> slots = new HashMap<>();

	final Map<String, Integer> queueLengths = new HashMap<>();

	@Nullable Function<String, String> chatReply;

	boolean ignoreCancel;

	@Override
	public AkiEmulator.Builder port(int port) {
		require(port >= 0 && port <= 65535, "The port must be between 0 and 65535: " + port);
		this.port = port;
		return this;
	}

	@Override
	public AkiEmulator.Builder apiKeys(String... keys) {
		List<String> copy = List.of(keys);
		require(!copy.isEmpty() && copy.stream().noneMatch(String::isBlank), "At least one key, none of them blank");
		this.apiKeys = copy;
		return this;
	}

	@Override
	public AkiEmulator.Builder seed(long seed) {
		this.seed = seed;
		return this;
	}

	@Override
	public AkiEmulator.Builder pace(double factor) {
		require(factor > 0 && Double.isFinite(factor), "The pace must be greater than 0: " + factor);
		this.pace = factor;
		return this;
	}

	@Override
	public AkiEmulator.Builder clock(AkiEmulatorClock clock) {
		this.clock = Objects.requireNonNull(clock, "clock");
		return this;
	}

	@Override
	public AkiEmulator.Builder endpoint(AkiEmulatorEndpoint endpoint) {
		Endpoint added = endpoint.toEndpoint();
		require(this.catalog.find(added.name()) == null, "The emulator already has an endpoint '" + added.name() + "'");
		this.catalog = this.catalog.with(added);
		return this;
	}

	@Override
	public AkiEmulator.Builder workers(String endpoint, int slots) {
		put(this.slots, endpoint, slots);
		return this;
	}

	@Override
	public AkiEmulator.Builder maxQueueLength(String endpoint, int length) {
		put(this.queueLengths, endpoint, length);
		return this;
	}

	@Override
	public AkiEmulator.Builder chatReply(Function<String, String> reply) {
		this.chatReply = Objects.requireNonNull(reply, "reply");
		return this;
	}

	@Override
	public AkiEmulator.Builder ignoreCancel(boolean ignore) {
		this.ignoreCancel = ignore;
		return this;
	}

	@Override
	public AkiEmulator build() {
		return new AkiEmulator(this);
	}

	private void put(Map<String, Integer> target, String endpoint, int value) {
		require(this.catalog.find(endpoint) != null,
				"The emulator has no endpoint '" + endpoint + "', only " + this.catalog.names());
		require(value >= 0, "Must not be negative: " + value);
		target.put(endpoint, value);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
