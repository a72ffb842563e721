package io.aki.spring.boot.test;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/**
 * Registers the hints for a native image. They are needed for the description files of
 * the endpoints, for the properties, which are bound before beans are created, and for
 * the bean that is created by its class name.
 */
class EmulatorRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(getClass().getPackageName().replace('.', '/') + "/endpoints/*.json");
		BindableRuntimeHintsRegistrar.forTypes(EmulatorProperties.class).registerHints(hints);
		hints.reflection()
			.registerTypeIfPresent(classLoader, EmulatedContext.CONNECTION_DETAILS,
					MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
	}

}
