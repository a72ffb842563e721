package io.aki.spring.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an unknown endpoint: it suggests similar names.
 */
class AkiUnknownEndpointFailureAnalyzer extends AbstractFailureAnalyzer<AkiUnknownEndpointException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AkiUnknownEndpointException cause) {
		String names = cause.nearest().isEmpty() ? "The key may use none at all."
				: "The nearest names are: " + String.join(", ", cause.nearest()) + ".";
		return new FailureAnalysis(cause.getMessage() + " " + names,
				"Correct 'aki.io.endpoint', or have the endpoint added to the key at https://aki.io. To start without"
						+ " this check, set 'aki.io.validate-key-on-startup' to false.",
				cause);
	}

}
