package io.aki.client;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The observation of one request. What handlers and conventions throw is logged and goes
 * no further: a paid job does not end because of it.
 */
final class JobObservation {

	static final JobObservation NONE = new JobObservation();

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final ObservationRegistry registry;

	private final Observation observation;

	private final @Nullable AkiRequestObservationContext context;

	private final boolean errorTexts;

	private final AtomicBoolean stopped = new AtomicBoolean();

	private JobObservation() {
		this.registry = ObservationRegistry.NOOP;
		this.observation = Observation.NOOP;
		this.context = null;
		this.errorTexts = false;
	}

	/**
	 * Create an observation.
	 * @param observation has been started
	 * @param errorTexts whether the server's texts may be told
	 */
	JobObservation(ObservationRegistry registry, Observation observation, AkiRequestObservationContext context,
			boolean errorTexts) {
		this.registry = registry;
		this.observation = observation;
		this.context = context;
		this.errorTexts = errorTexts;
	}

	void accepted(@Nullable String jobId) {
		if (this.context != null) {
			this.context.setJobId(jobId);
		}
	}

	/**
	 * Make the observation the present thread's until the scope is closed.
	 */
	Scope openScope() {
		if (this.context == null) {
			return Scope.NONE;
		}
		Observation.Scope before = this.registry.getCurrentObservationScope();
		AtomicReference<Observation.@Nullable Scope> opened = new AtomicReference<>();
		guarded(() -> opened.set(this.observation.openScope()));
		return () -> {
			Observation.Scope scope = opened.get();
			if (scope != null) {
				guarded(scope::close);
			}
			// where a handler failed, the scope is still open
			guarded(() -> this.registry.setCurrentObservationScope(before));
		};
	}

	<T> T inScope(Supplier<T> action) {
		Scope scope = openScope();
		try {
			return action.get();
		}
		finally {
			scope.close();
		}
	}

	/**
	 * End the observation. The first end counts.
	 * @param callbackFailure what the caller's callback has thrown
	 */
	void stop(AkiResult result, @Nullable Throwable callbackFailure) {
		AkiRequestObservationContext context = this.context;
		if (context == null || !this.stopped.compareAndSet(false, true)) {
			return;
		}
		context.setResult(result);
		String jobId = result.jobId();
		if (jobId != null) {
			context.setJobId(jobId);
		}
		stop((callbackFailure != null) ? callbackFailure : error(result, context));
	}

	/**
	 * End the observation of a request that did not come to a result.
	 */
	void fail(Throwable error) {
		if (this.context != null && this.stopped.compareAndSet(false, true)) {
			stop(error);
		}
	}

	private void stop(@Nullable Throwable error) {
		if (error != null) {
			guarded(() -> this.observation.error(error));
		}
		guarded(this.observation::stop);
	}

	/**
	 * Return the failure as an exception. What the server says may repeat the request.
	 */
	private @Nullable AkiException error(AkiResult result, AkiRequestObservationContext context) {
		Failure failure = result.failure();
		if (failure == null || context.isCanceled()) {
			return null;
		}
		if (!this.errorTexts) {
			Throwable cause = failure.cause();
			failure = new Failure(failure.kind(),
					"Request to " + context.getEndpoint() + " failed: "
							+ failure.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
							+ ((cause != null) ? ", " + cause.getClass().getSimpleName() : ""),
					failure.status(), null);
		}
		return failure.toException(result.jobId());
	}

	private static void guarded(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			logger.warn("Observing a request failed", ex);
		}
	}

	/**
	 * While it is open the observation is the thread's own.
	 */
	interface Scope {

		Scope NONE = () -> {
		};

		void close();

	}

}
