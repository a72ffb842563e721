package io.aki.sample;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests whether the emulator or AKI.IO is used.
 */
class BackendTests {

	@Test
	void emulatorWithoutAKey() {
		try (ConfigurableApplicationContext context = start("AKI_API_KEY=")) {
			AkiEmulator emulator = context.getBean(AkiEmulator.class);
			assertThat(context.getBean(AkiClient.class)).asString().contains(emulator.apiServer());
			assertThat(page(context)).contains("This is the emulator");
		}
	}

	@Test
	void akiIoWithTheKeyOfTheEnvironment() {
		try (ConfigurableApplicationContext context = start("AKI_API_KEY=a-key",
				"management.health.aki.enabled=false")) {
			assertThat(context.getBeanProvider(AkiEmulator.class).getIfAvailable()).isNull();
			assertThat(context.getBean(AkiClient.class)).asString().contains("https://aki.io");
			assertThat(page(context)).contains("class=\"backend live\">AKI.IO").doesNotContain("emulator");
		}
	}

	@Test
	void akiIoWithTheKeyOfTheProperty() {
		try (ConfigurableApplicationContext context = start("AKI_API_KEY=", "aki.io.api-key=a-key")) {
			assertThat(context.getBeanProvider(AkiEmulator.class).getIfAvailable()).isNull();
		}
	}

	// command-line arguments take precedence over the environment
	private static ConfigurableApplicationContext start(String... properties) {
		String[] arguments = new String[properties.length + 1];
		for (int i = 0; i < properties.length; i++) {
			arguments[i] = "--" + properties[i];
		}
		arguments[properties.length] = "--server.port=0";
		return new SpringApplicationBuilder(SampleApplication.class).run(arguments);
	}

	private static String page(ConfigurableApplicationContext context) {
		int port = context.getEnvironment().getRequiredProperty("local.server.port", int.class);
		return new SampleClient(port).get("/").body();
	}

}
