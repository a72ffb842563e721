package io.aki.spring.boot.autoconfigure;

import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the recipe of {@code docs/connections.md} for a server that a test starts.
 */
@Timeout(60)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "aki.io.api-server=http://127.0.0.1:1", "aki.io.endpoint=llama3_8b_chat" })
class TestConnectionRecipesTests {

	@Autowired
	private AkiClient client;

	@Autowired
	private AkiEmulator server;

	@Test
	void serverOfTheTestIsCalled() {
		assertThat(this.client.apiServer()).isEqualTo(this.server.apiServer());
		assertThat(this.client.doApiRequest(Map.of("prompt_input", "hello")).orThrow().text()).isNotBlank();
		assertThat(this.server.requests()).hasSize(1);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AkiAutoConfiguration.class, RestClientAutoConfiguration.class })
	static class Application {

	}

	// @formatter:off
	// tag::server[]
	@TestConfiguration(proxyBeanMethods = false)
	static class ServerOfTheTest {

		@Bean(destroyMethod = "close")
		AkiEmulator server() {
			return AkiEmulator.start();
		}

		@Bean
		DynamicPropertyRegistrar serverProperties(AkiEmulator server) {
			return (registry) -> {
				registry.add("aki.io.api-server", server::apiServer);
				registry.add("aki.io.api-key", server::apiKey);
			};
		}

	}
	// end::server[]
	// @formatter:on

}
