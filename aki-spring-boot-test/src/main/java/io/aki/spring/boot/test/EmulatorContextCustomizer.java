package io.aki.spring.boot.test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Starts the emulator of {@link AutoConfigureAkiEmulator}. Equal ones share a context.
 */
record EmulatorContextCustomizer(double pace, long seed) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		// an emulator is added where the test runs, not where its beans are generated
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING) && !EmulatedContext.isEmulated(context)) {
			EmulatedContext.prepare(context, AkiEmulator.builder().pace(this.pace).seed(this.seed), (emulator) -> {
			});
		}
	}

}
