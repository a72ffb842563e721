package io.aki.spring.boot.test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Starts the emulator of {@link AutoConfigureAkiEmulator}. Equal customizers share a
 * context.
 */
record EmulatorContextCustomizer(double pace, long seed) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		// the emulator is added when the test runs, not when its beans are generated
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING) && !EmulatedContext.isEmulated(context)) {
			EmulatedContext.prepare(context, AkiEmulator.builder().pace(this.pace).seed(this.seed), (emulator) -> {
			});
		}
	}

}
