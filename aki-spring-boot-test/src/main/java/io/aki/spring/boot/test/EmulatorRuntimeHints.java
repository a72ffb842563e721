package io.aki.spring.boot.test;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/**
 * Registers the hints for a native image. They are needed for the description files of
 * the endpoints, for the texts of chats, for the properties, which are bound before beans
 * are created, and for the bean that is created by its class name.
 */
class EmulatorRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		String folder = getClass().getPackageName().replace('.', '/');
		hints.resources().registerPattern(folder + "/endpoints/*.json").registerPattern(folder + "/chat/*.md");
		BindableRuntimeHintsRegistrar.forTypes(EmulatorProperties.class).registerHints(hints);
		hints.reflection()
			.registerTypeIfPresent(classLoader, EmulatedContext.CONNECTION_DETAILS,
					MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
	}

}
