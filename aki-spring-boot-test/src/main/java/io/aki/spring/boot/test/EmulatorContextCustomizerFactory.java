package io.aki.spring.boot.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Finds {@link AutoConfigureAkiEmulator} on a test class or an enclosing class.
 */
class EmulatorContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		AutoConfigureAkiEmulator annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass,
				AutoConfigureAkiEmulator.class);
		return (annotation != null) ? new EmulatorContextCustomizer(annotation.pace(), annotation.seed()) : null;
	}

}
