package io.aki.spring.boot.autoconfigure;

import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the client uses the service connections of Spring Boot. The service
 * connections of Testcontainers and of Docker Compose differ only in their source.
 */
@Timeout(60)
class ServiceConnectionTests {

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.start();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class))
		.withPropertyValues("aki.io.api-server=http://127.0.0.1:1", "aki.io.api-key=of-the-properties");

	@Test
	void serviceConnectionTakesThePlaceOfTheProperties() {
		this.contextRunner.withInitializer((context) -> connect((GenericApplicationContext) context, this.emulator))
			.run((context) -> {
				assertThat(context).hasSingleBean(AkiConnectionDetails.class);
				AkiClient client = context.getBean(AkiClient.class);
				assertThat(client.apiServer()).isEqualTo(this.emulator.apiServer());
				assertThat(client.getEndpointList().orThrow().endpoints()).contains("llama3_8b_chat");
				assertThat(client.forEndpoint("llama3_8b_chat").doApiRequest(Map.of("prompt_input", "x")).error())
					.isNull();
			});
	}

	@Test
	void propertiesAreUsedWithoutOne() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(PropertiesAkiConnectionDetails.class)
			.getBean(AkiClient.class)
			.extracting(AkiClient::apiServer)
			.isEqualTo("http://127.0.0.1:1"));
	}

	/**
	 * Register the connection details that the factories create from a source, as Spring
	 * Boot does for {@code @ServiceConnection}.
	 */
	private static void connect(GenericApplicationContext context, Object source) {
		new ConnectionDetailsFactories(context.getClassLoader()).getConnectionDetails(source, true)
			.forEach((type, details) -> register(context, type, details));
	}

	@SuppressWarnings("unchecked")
	private static <T extends ConnectionDetails> void register(GenericApplicationContext context, Class<?> type,
			T details) {
		context.registerBean("connectionOfTheServer", (Class<T>) type, () -> details);
	}

	/**
	 * Creates connection details. {@code META-INF/spring.factories} registers this
	 * factory.
	 */
	static class ServerConnectionDetailsFactory implements ConnectionDetailsFactory<AkiEmulator, AkiConnectionDetails> {

		@Override
		public AkiConnectionDetails getConnectionDetails(AkiEmulator server) {
			return new AkiConnectionDetails() {

				@Override
				public String getApiServer() {
					return server.apiServer();
				}

				@Override
				public String getApiKey() {
					return server.apiKey();
				}

			};
		}

	}

}
