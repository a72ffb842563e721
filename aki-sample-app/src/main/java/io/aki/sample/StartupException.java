package io.aki.sample;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Thrown if the application must not start. The log shows the message and what to do, and
 * no stack trace.
 */
class StartupException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	StartupException(String message, String action) {
		super(message);
		this.action = action;
	}

	/**
	 * Is registered in {@code META-INF/spring.factories}.
	 */
	static class Analyzer extends AbstractFailureAnalyzer<StartupException> {

		@Override
		protected FailureAnalysis analyze(Throwable rootFailure, StartupException cause) {
			return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action, cause);
		}

	}

}
