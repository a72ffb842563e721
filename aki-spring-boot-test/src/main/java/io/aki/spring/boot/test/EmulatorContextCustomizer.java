package io.aki.spring.boot.test;

import java.util.Map;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Adds the emulator of {@link AutoConfigureAkiEmulator} to the application context of a
 * test. Test classes with equal customizers share a context.
 */
record EmulatorContextCustomizer(double pace, long seed) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		// ahead-of-time processing must not include the emulator, which is added when the
		// test runs
		if (!Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING) && !EmulatedContext.isEmulated(context)) {
			// the jobs end fast, so that a poll per second would be slow
			context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("aki-emulator-tasks", Map.of("aki.io.tasks.report-interval", "50ms")));
			EmulatedContext.prepare(context, AkiEmulator.builder().pace(this.pace).seed(this.seed), (emulator) -> {
			});
		}
	}

}
