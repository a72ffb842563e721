package io.aki.spring.boot.autoconfigure;

import io.aki.spring.boot.autoconfigure.AkiKeyStartupCheck.AkiKeyNotValidatedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes the failure of the key validation at the start.
 */
class AkiKeyNotValidatedFailureAnalyzer extends AbstractFailureAnalyzer<AkiKeyNotValidatedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AkiKeyNotValidatedException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set 'aki.io.api-key' (or the environment variable AKI_API_KEY) to a key from https://aki.io, and"
						+ " 'aki.io.api-server' to its server. To start without this check, set"
						+ " 'aki.io.validate-key-on-startup' to false.",
				cause);
	}

}
