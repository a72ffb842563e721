package io.aki.sample.emulator;

import io.aki.sample.SampleProperties;
import io.aki.spring.boot.autoconfigure.AkiClientCustomizer;
import io.aki.spring.boot.test.AkiEmulator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Lets the sample run without an API key: the injected client then talks to an emulator
 * in this process. An application of your own needs nothing like it.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(NoApiKeyCondition.class)
class EmulatorConfiguration {

	private static final Log logger = LogFactory.getLog(EmulatorConfiguration.class);

	@Bean
	AkiEmulator akiEmulator(SampleProperties properties) {
		logger.info("No API key: using the emulator. Set AKI_API_KEY to use AKI.IO itself");
		return AkiEmulator.builder().pace(properties.emulatorPace()).build();
	}

	@Bean
	AkiClientCustomizer emulatorCustomizer(AkiEmulator emulator) {
		return (builder) -> builder.apiServer(emulator.apiServer()).apiKey(emulator.apiKey());
	}

}
