package io.aki.spring.boot.test;

import java.net.ConnectException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmulatorInitializer}. They start real applications.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class EmulatorInitializerTests {

	private static final String WARNING = "'aki-spring-boot-test' is on the class path of an application that is no test";

	@Test
	void applicationThatIsNoTestIsWarned(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = CompletableFuture.supplyAsync(() -> run())
			.get(30, TimeUnit.SECONDS)) {
			assertThat(context.getBeanProvider(AkiEmulator.class).getIfAvailable()).isNull();
		}
		assertThat(output).contains("WARN").contains(WARNING).contains("'aki.io.emulator.enabled'");
	}

	@Test
	void testIsNotWarned(CapturedOutput output) {
		run().close();
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void emulatorThatIsWantedAnswers(CapturedOutput output) throws Exception {
		AkiEmulator emulator;
		try (ConfigurableApplicationContext context = CompletableFuture
			.supplyAsync(() -> run("--aki.io.emulator.enabled=true", "--aki.io.api-key=real"))
			.get(30, TimeUnit.SECONDS)) {
			emulator = context.getBean(AkiEmulator.class);
			assertThat(context.getEnvironment().getProperty("aki.io.api-server")).isEqualTo(emulator.apiServer());
			assertThat(context.getEnvironment().getProperty("aki.io.api-key")).isEqualTo(emulator.apiKey());
		}
		assertThat(output).doesNotContain(WARNING).contains("The emulator at " + emulator.apiServer());
		assertIsClosed(emulator.port());
	}

	@Test
	void emulatorEndsWithAContextThatFailsToStart() {
		assertThatException().isThrownBy(() -> run(Failing.class, "--aki.io.emulator.enabled=true"));
		assertThat(Failing.port).isPositive();
		assertIsClosed(Failing.port);
	}

	private static void assertIsClosed(int port) {
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket("127.0.0.1", port).close());
	}

	@Test
	void keyKeepsTheEmulatorAwayWhereThatIsAskedFor() {
		String[] properties = { "--aki.io.emulator.enabled=true", "--aki.io.emulator.only-without-key=true" };
		try (ConfigurableApplicationContext context = run(properties[0], properties[1], "--AKI_API_KEY=real")) {
			assertThat(context.getBeanProvider(AkiEmulator.class).getIfAvailable()).isNull();
		}
		try (ConfigurableApplicationContext context = run(properties[0], properties[1], "--AKI_API_KEY=",
				"--aki.io.api-key=")) {
			assertThat(context.getBeanProvider(AkiEmulator.class).getIfAvailable()).isNotNull();
		}
	}

	@Test
	void beansDescribeTheEmulatorFurther() {
		try (ConfigurableApplicationContext context = run(Customized.class, "--aki.io.emulator.enabled=true",
				"--aki.io.emulator.pace=100")) {
			AkiEmulator emulator = context.getBean(AkiEmulator.class);
			assertThat(emulator.apiKey()).isEqualTo("last-key");
			assertThat(context.getEnvironment().getProperty("aki.io.api-key")).isEqualTo("last-key");
			assertThat(new EmulatorClient(emulator).call("llama3_8b_chat", Map.of("prompt_input", "Hello"))
				.json()
				.get("text")
				.asString()).isEqualTo("Scripted");
		}
	}

	@Test
	void emulatorOfTheApplicationTakesThePlaceOfOurs() {
		try (ConfigurableApplicationContext context = run(OwnEmulator.class, "--aki.io.emulator.enabled=true")) {
			assertThat(context.getBean(AkiEmulator.class)).isSameAs(context.getBean("own"));
			assertThat(context.getEnvironment().getProperty("aki.io.api-key")).isEqualTo("own-key");
			assertThat(context.getEnvironment().getProperty("aki.io.api-server"))
				.isEqualTo(context.getBean(AkiEmulator.class).apiServer());
			assertThat(((DefaultListableBeanFactory) context.getBeanFactory()).containsSingleton("akiEmulator"))
				.isFalse();
		}
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return run(Application.class, arguments);
	}

	private static ConfigurableApplicationContext run(Class<?> source, String... arguments) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		static int port;

		Failing(AkiEmulator emulator) {
			port = emulator.port();
			throw new IllegalStateException("of the application");
		}

	}

	/**
	 * Reads the API key in a condition, before the customizers are registered.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("aki.io.api-key")
	static class Customized {

		@Bean
		@Order(2)
		AkiEmulatorCustomizer last() {
			return (builder) -> builder.apiKeys("last-key");
		}

		@Bean
		@Order(1)
		AkiEmulatorCustomizer first() {
			return (builder) -> builder.apiKeys("first-key").chatReply((prompt) -> "Scripted");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEmulator {

		@Bean
		AkiEmulator own() {
			return AkiEmulator.builder().apiKeys("own-key").build();
		}

	}

}
