package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiStartRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.Ordered;

/**
 * The limits of the properties {@code aki.io.limits.*}: how many requests to an endpoint
 * start within 60 s, and how many run at the same time. It counts the requests of all
 * clients that use this guard. It is asked last, so that it does not count requests that
 * another guard refuses.
 */
class EndpointLimits implements AkiRequestGuard, Ordered {

	static final String DEFAULT = "default";

	static final String STARTS_PER_MINUTE = "starts-per-minute";

	static final String MAX_JOBS = "max-jobs";

	/** When a running job ends is not known. */
	static final Duration RETRY_DELAY_FOR_MAX_JOBS = Duration.ofSeconds(2);

	private static final String PREFIX = "aki.io.limits";

	private static final long WINDOW = Duration.ofSeconds(60).toNanos();

	private static final Pattern NOT_UNIFORM = Pattern.compile("[^a-z0-9]");

	private final Map<String, Limit> limits;

	private final Listener listener;

	private final LongSupplier clock;

	private final Map<String, Usage> usages = new HashMap<>();

	/**
	 * Create limits.
	 * @param limits the limits of each endpoint
	 * @param isSet whether there is a property with a name
	 * @param clock a monotonic clock in nanoseconds
	 */
	EndpointLimits(Map<String, AkiProperties.Limit> limits, Predicate<String> isSet, Listener listener,
			LongSupplier clock) {
		this.limits = new LinkedHashMap<>();
		limits.forEach((name, limit) -> this.limits.put(name, Limit.of(name, limit, prefix(name, isSet))));
		this.listener = listener;
		this.clock = clock;
	}

	/**
	 * Return the prefix of the properties of an endpoint, as the application writes it.
	 */
	private static String prefix(String name, Predicate<String> isSet) {
		return Stream.of(PREFIX + "." + name + ".", PREFIX + "[" + name + "].")
			.filter((prefix) -> isSet.test(prefix + STARTS_PER_MINUTE) || isSet.test(prefix + MAX_JOBS))
			.findFirst()
			.orElse(PREFIX + "." + name + ".");
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	boolean isEmpty() {
		return this.limits.isEmpty();
	}

	@Override
	public void beforeStart(AkiStartRequest request) {
		Limit limit = limitOf(request.endpoint());
		Refusal refusal = (limit != null) ? count(request.endpoint(), limit) : null;
		if (refusal != null) {
			this.listener.refused(refusal.limits().entry(), refusal.limit());
			throw new AkiRequestRefusedException(request.endpoint(), refusal.reason(), refusal.retryAfter(),
					"The limit is '" + refusal.property() + "'");
		}
	}

	/**
	 * Return the limit of an endpoint. Without brackets, Spring Boot removes some
	 * characters of the name, and users write {@code -} instead of {@code _}.
	 */
	private @Nullable Limit limitOf(String endpoint) {
		Limit limit = limitNamed(endpoint);
		return (limit != null) ? limit : limitNamed(DEFAULT);
	}

	private @Nullable Limit limitNamed(String name) {
		Limit exact = this.limits.get(name);
		if (exact != null) {
			return exact;
		}
		String uniform = uniform(name);
		for (Map.Entry<String, Limit> limit : this.limits.entrySet()) {
			if (uniform(limit.getKey()).equals(uniform)) {
				return limit.getValue();
			}
		}
		return null;
	}

	private static String uniform(String name) {
		return NOT_UNIFORM.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
	}

	/**
	 * Count a start if the limit allows it.
	 * @return why the start is not allowed, or {@code null} if it was counted
	 */
	private synchronized @Nullable Refusal count(String endpoint, Limit limit) {
		long now = this.clock.getAsLong();
		Usage usage = this.usages.get(endpoint);
		if (usage == null) {
			// users may choose the endpoint
			this.usages.values().removeIf((other) -> other.isUnused(now));
			usage = new Usage();
			this.usages.put(endpoint, usage);
		}
		Refusal refusal = usage.refusal(limit, now);
		if (refusal == null) {
			usage.count(limit, now);
		}
		return refusal;
	}

	@Override
	public synchronized void afterEnd(AkiStartRequest request) {
		Usage usage = this.usages.get(request.endpoint());
		if (usage != null && usage.running > 0) {
			usage.running--;
		}
	}

	synchronized int endpointsCounted() {
		return this.usages.size();
	}

	/**
	 * Told about requests that a limit has refused. The values of both arguments are few,
	 * because users may choose the endpoint.
	 */
	@FunctionalInterface
	interface Listener {

		Listener NONE = (entry, limit) -> {
		};

		/**
		 * A request was refused.
		 * @param entry the name of the entry in {@code aki.io.limits}
		 * @param limit the name of the limit
		 */
		void refused(String entry, String limit);

	}

	/**
	 * The starts and running jobs of an endpoint.
	 */
	private static final class Usage {

		/** The times of the starts within the window, the oldest first. */
		private final Deque<Long> starts = new ArrayDeque<>();

		private int running;

		@Nullable Refusal refusal(Limit limit, long now) {
			removeOld(now);
			if (this.starts.size() >= limit.startsPerMinute()) {
				Duration wait = Duration.ofNanos(WINDOW - (now - this.starts.element()));
				return new Refusal(STARTS_PER_MINUTE, limit,
						"no more than " + limit.startsPerMinute() + " requests may start within 60 s", wait);
			}
			return (this.running >= limit.maxJobs()) ? new Refusal(MAX_JOBS, limit,
					"no more than " + limit.maxJobs() + " requests may run at the same time", RETRY_DELAY_FOR_MAX_JOBS)
					: null;
		}

		void count(Limit limit, long now) {
			if (limit.startsPerMinute() < Integer.MAX_VALUE) {
				this.starts.add(now);
			}
			this.running++;
		}

		boolean isUnused(long now) {
			removeOld(now);
			return this.running == 0 && this.starts.isEmpty();
		}

		private void removeOld(long now) {
			while (!this.starts.isEmpty() && now - this.starts.element() >= WINDOW) {
				this.starts.remove();
			}
		}

	}

	/**
	 * The limits of one endpoint.
	 *
	 * @param entry the name of the entry
	 * @param prefix the prefix of the properties
	 */
	private record Limit(String entry, String prefix, int startsPerMinute, int maxJobs) {

		static Limit of(String entry, AkiProperties.Limit limit, String prefix) {
			return new Limit(entry, prefix, check(prefix + STARTS_PER_MINUTE, limit.getStartsPerMinute()),
					check(prefix + MAX_JOBS, limit.getMaxJobs()));
		}

		private static int check(String property, @Nullable Integer value) {
			if (value != null && value < 1) {
				throw new InvalidConfigurationPropertyValueException(property, value,
						"It must be at least 1. To allow no request at all, do not use the endpoint, or declare an"
								+ " AkiRequestGuard bean.");
			}
			return (value != null) ? value : Integer.MAX_VALUE;
		}

	}

	/**
	 * Why a request is refused.
	 *
	 * @param limit the name of the limit
	 */
	private record Refusal(String limit, Limit limits, String reason, Duration retryAfter) {

		String property() {
			return this.limits.prefix() + this.limit;
		}

	}

}
