package io.aki.spring.boot.test;

import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Adds the emulator to an application that enables it. If an application does not enable
 * it, logs a warning that this module is on the class path, except in tests.
 */
class EmulatorInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Log logger = LogFactory.getLog(AkiEmulator.class);

	private static final List<String> TESTS = List.of("org.junit.", "org.testng.", "org.springframework.boot.test.",
			"org.springframework.test.", "io.cucumber.");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			// the emulator is added when the application runs
			return;
		}
		Environment environment = context.getEnvironment();
		EmulatorProperties properties = Binder.get(environment)
			.bindOrCreate("aki.io.emulator", EmulatorProperties.class);
		if (!properties.enabled()) {
			if (!isTest(StackWalker.getInstance()
				.walk((frames) -> frames.map(StackWalker.StackFrame::getClassName).toList()))) {
				logger.warn("'aki-spring-boot-test' is on the class path of an application that is no test. Give the"
						+ " dependency the scope 'test'. If an emulator is to answer here in place of AKI.IO, set"
						+ " 'aki.io.emulator.enabled' to true");
			}
		}
		else if (!EmulatedContext.isEmulated(context) && !(properties.onlyWithoutKey() && hasKey(environment))) {
			EmulatedContext.prepare(context, AkiEmulator.builder().pace(properties.pace()),
					(emulator) -> logger.warn("The emulator at " + emulator.apiServer()
							+ " answers instead of AKI.IO, because 'aki.io.emulator.enabled' is true"
							+ (properties.onlyWithoutKey() ? " and there is no API key" : "")));
		}
	}

	private static boolean hasKey(Environment environment) {
		return Stream.of("aki.io.api-key", "AKI_API_KEY").map(environment::getProperty).anyMatch(StringUtils::hasText);
	}

	/**
	 * Return whether one of the calling classes belongs to a test framework.
	 */
	static boolean isTest(List<String> callers) {
		return callers.stream().anyMatch((caller) -> TESTS.stream().anyMatch(caller::startsWith));
	}

}
