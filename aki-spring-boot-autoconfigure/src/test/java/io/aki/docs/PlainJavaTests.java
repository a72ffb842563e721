package io.aki.docs;

import io.aki.client.AkiClient;
import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Runs the snippets for applications without Spring Boot.
 */
@Timeout(60)
class PlainJavaTests {

	@Test
	void plainJava() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			assertThat(joke(emulator.apiServer(), emulator.apiKey())).isNotBlank();
			assertThat(emulator.jobs()).hasSize(1);
		}
	}

	private static String joke(String apiServer, String apiKey) {
		// @formatter:off
		// tag::plain[]
		try (AkiClient aki = AkiClient.builder()
				.apiServer(apiServer)                  // https://aki.io if not set
				.apiKey(apiKey)
				.endpoint("llama3_8b_chat")
				.build()) {
			AkiResult result = aki.doApiRequest(AkiParameters.chat().user("Tell me a joke"));
			return result.orThrow().answer();
		}
		// end::plain[]
		// @formatter:on
	}

	@Test
	void springClosesTheClient() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			AkiClient client;
			try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
				TestPropertyValues.of("my.aki.key=" + emulator.apiKey()).applyTo(context);
				context.register(ClientConfiguration.class);
				context.refresh();
				client = context.getBean(AkiClient.class).mutate().apiServer(emulator.apiServer()).build();
				assertThat(client.initApiKey().success()).isTrue();
			}
			assertThatIllegalStateException().isThrownBy(client::initApiKey).withMessageContaining("closed");
		}
	}

}

// @formatter:off
// tag::spring[]
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

	@Bean
	AkiClient aki(@Value("${my.aki.key}") String key) {        // Spring closes the client
		return AkiClient.builder().apiKey(key).endpoint("llama3_8b_chat").build();
	}

}
// end::spring[]
// @formatter:on
