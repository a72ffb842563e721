package io.aki.spring.boot.test;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * The endpoints' descriptions, which the emulator reads.
 */
class EmulatorRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(getClass().getPackageName().replace('.', '/') + "/endpoints/*.json");
	}

}
