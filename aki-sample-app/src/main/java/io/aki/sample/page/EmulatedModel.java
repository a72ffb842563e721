package io.aki.sample.page;

import io.aki.spring.boot.test.AkiEmulator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/**
 * Adds to the model of every page whether the emulator is used.
 */
@ControllerAdvice(basePackageClasses = EmulatedModel.class)
class EmulatedModel {

	private final boolean emulated;

	EmulatedModel(ObjectProvider<AkiEmulator> emulator) {
		this.emulated = emulator.getIfAvailable() != null;
	}

	@ModelAttribute("emulated")
	boolean emulated() {
		return this.emulated;
	}

}
