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
 * The observation of one request. Exceptions of handlers and conventions are logged and
 * not thrown, because a paid job must not end because of them.
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
	 * @param observation the observation, which has been started
	 * @param errorTexts whether the observation may contain the server's error texts
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
	 * Make this the current observation of the calling thread until the scope is closed.
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
			// if a handler failed, the scope is still open
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
	 * @param callbackFailure the exception of the caller's callback
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
	 * End the observation of a request that has no result.
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
	 * Return the failure as an exception. It contains the server's error text only if
	 * that is allowed, because the text may repeat the request.
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
	 * The scope in which the observation is the current one of the thread.
	 */
	interface Scope {

		Scope NONE = () -> {
		};

		void close();

	}

}
