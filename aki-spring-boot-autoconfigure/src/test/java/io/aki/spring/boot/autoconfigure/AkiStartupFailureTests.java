package io.aki.spring.boot.autoconfigure;

import java.util.Map;
import java.util.concurrent.Executor;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for the messages to a developer whose application does not start because of an
 * invalid setting.
 */
@ExtendWith(OutputCaptureExtension.class)
class AkiStartupFailureTests {

	private static final String FAILED = "APPLICATION FAILED TO START";

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					aki.io.progress-interval     | 0           | aki.io.progress-interval     | must be greater than zero and at most 36500 days, such as 30s
					aki.io.progress-interval     | 0.0001      | aki.io.progress-interval     | must be at least 1 ms, such as 200ms
					aki.io.job-timeout           | 1e30        | aki.io.job-timeout           | is not a duration. Write seconds, such as 0.2
					aki.io.progress-interval     | abc         | aki.io.progress-interval     | Write seconds, such as 0.2
					aki.io.progress_interval     | -1          | aki.io.progress-interval     | must be greater than zero
					aki.io.api-server            | aki.io      | aki.io.api-server            | such as https://aki.io, but is aki.io
					aki.io.limits.default.max-jobs | 0         | aki.io.limits.default.max-jobs | must be at least 1
					aki.io.limits[llama3_8b_chat].starts-per-minute | -5 | aki.io.limits[llama3_8b_chat].starts-per-minute | must be at least 1
					aki.io.limits.default.max-jobs | few       | aki.io.limits.default.max-jobs | java.lang.Integer
					aki.io.logging.requests      | all         | aki.io.logging.requests      | BODIES
					aki.io.retry.max-attempts    | 0           | aki.io.retry.max-attempts    | must be at least 1
					aki.io.retry.max-delay       | 0.1         | aki.io.retry.max-delay       | must not be shorter than the delay
					aki.io.concurrency.max-jobs  | 0           | aki.io.concurrency.max-jobs  | must be at least 1
					aki.io.concurrency.poll-threads | 0        | aki.io.concurrency.poll-threads | must be at least 1
					aki.io.endpoint              | a/b         | aki.io.endpoint              | must be one path segment
					aki.io.output-binary-format  | png         | aki.io.output-binary-format  | BASE64
					aki.io.max-response-size     | 0           | aki.io.max-response-size     | must be at least 1 byte
					aki.io.connect-timeout       | 0           | aki.io.connect-timeout       | such as 10s
					aki.io.ssl.bundle            | missing     | aki.io.ssl.bundle            | spring.ssl.bundle.pem.missing.truststore.certificate
					aki.io.async.max-size        | 4           | aki.io.async.max-size        | aki.io.async.core-size
					aki.io.progress-interval     | 100000000000 | aki.io.progress-interval    | must be greater than zero and at most 36500 days, such as 30s
					aki.io.job-timeout           | 1e1000000000 | aki.io.job-timeout          | is not a duration. Write seconds, such as 0.2
					aki.io.job-timeout           | 1e-1000000000 | aki.io.job-timeout         | is not a duration. Write seconds, such as 0.2
					aki.io.job-timeout           | 9223372036854775807 | aki.io.job-timeout   | must be greater than zero and at most 36500 days, such as 30s
					aki.io.connect-timeout       | 100000000000 | aki.io.connect-timeout      | must be greater than zero and at most 36500 days, such as 10s
					aki.io.read-timeout          | 100000000000 | aki.io.read-timeout         | must be greater than zero and at most 36500 days
					aki.io.retry.max-delay       | 100000000000 | aki.io.retry.max-delay      | below a day
					aki.io.retry.delay           | 100000000000 | aki.io.retry.delay          | below a day
					aki.io.async.keep-alive      | 100000000000 | aki.io.async.keep-alive     | must be from 0 to 36500 days
					aki.io.async.await-termination-period | 100000000000 | aki.io.async.await-termination-period | must be from 0 to 36500 days
					aki.io.async.keep-alive      | -1          | aki.io.async.keep-alive      | must be from 0 to 36500 days
					aki.io.health.timeout        | 0           | aki.io.health.timeout        | must be greater than zero and at most 36500 days, such as 3s
					aki.io.health.timeout        | -1          | aki.io.health.timeout        | must be greater than zero and at most 36500 days, such as 3s
					aki.io.health.timeout        | 100000000000 | aki.io.health.timeout       | must be greater than zero and at most 36500 days, such as 3s
					aki.io.health.time-to-live   | -1          | aki.io.health.time-to-live   | must be from 0 to 36500 days
					""")
	void wrongValueIsExplained(String property, String value, String name, String fix, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--" + property + "=" + value, "--aki.io.async.enabled=true"));
		assertThat(output).contains(FAILED).contains(name).contains(fix);
		assertThat(output.toString().substring(output.toString().indexOf(FAILED))).contains("commandLineArgs");
	}

	@Test
	void limitOfAnEndpointWithoutBracketsIsExplainedWithItsOrigin(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addInitializers((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new OriginTrackedMapPropertySource("file", Map.of("aki.io.limits.llama3_8b_chat.max-jobs",
					OriginTrackedValue.of("0", new TextResourceOrigin(null, new TextResourceOrigin.Location(6, 0)))))));
		assertThatException().isThrownBy(application::run);
		assertThat(output).contains(FAILED)
			.contains("'aki.io.limits.llama3_8b_chat.max-jobs'")
			.contains("must be at least 1")
			.contains("7:1");
	}

	@Test
	void numberOfAYamlFileIsNotTakenAsMilliseconds(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("aki.io.progress-interval", 100_000_000_000L));
		assertThatException().isThrownBy(application::run);
		assertThat(output).contains(FAILED)
			.contains("The property 'aki.io.progress-interval' must be greater than zero and at most 36500 days");
	}

	@Test
	void keyWithALineBreakIsExplainedButNotShown(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--aki.io.api-key=the-secret\nof-mine"));
		assertThat(output).contains(FAILED)
			.contains("aki.io.api-key")
			.contains("line break")
			.contains("commandLineArgs")
			.doesNotContain("the-secret")
			.doesNotContain("of-mine");
	}

	@Test
	void keyThatTheServerAcceptsStarts() {
		try (AkiEmulator emulator = AkiEmulator.start();
				ConfigurableApplicationContext context = run("--aki.io.validate-key-on-startup=true",
						"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=" + emulator.apiKey())) {
			assertThat(context.getBean(AkiClient.class)).isNotNull();
			assertThat(emulator.requests()).singleElement()
				.satisfies((request) -> assertThat(request.path()).isEqualTo("/api/validate_key"));
		}
	}

	@Test
	void keyThatTheServerRefusesIsExplained(CapturedOutput output) {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			assertThatException().isThrownBy(() -> run("--aki.io.validate-key-on-startup=true",
					"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=wrong-secret"));
		}
		assertValidationIsExplained(output);
		assertThat(output).doesNotContain("wrong-secret");
	}

	@Test
	void validationWithoutKeyIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--aki.io.validate-key-on-startup=true"));
		assertValidationIsExplained(output);
	}

	@Test
	void validationWithoutServerIsExplained(CapturedOutput output) {
		AkiEmulator gone = AkiEmulator.start();
		gone.close();
		assertThatException().isThrownBy(() -> run("--aki.io.validate-key-on-startup=true",
				"--aki.io.api-server=" + gone.apiServer(), "--aki.io.api-key=a-secret", "--aki.io.retry.delay=1ms"));
		assertValidationIsExplained(output);
		assertThat(output).contains("cannot be reached").doesNotContain("a-secret");
	}

	@Test
	void unknownEndpointIsExplainedWithNearNames(CapturedOutput output) {
		try (AkiEmulator emulator = AkiEmulator.builder().apiKeys("the-secret").build()) {
			assertThatException().isThrownBy(
					() -> run("--aki.io.validate-key-on-startup=true", "--aki.io.api-server=" + emulator.apiServer(),
							"--aki.io.api-key=the-secret", "--aki.io.endpoint=llama3-8b-chta"));
		}
		assertThat(output).contains(FAILED)
			.contains("may use no endpoint 'llama3-8b-chta'. The nearest names are: llama3_8b_chat, ")
			.contains("Correct 'aki.io.endpoint'")
			.doesNotContain("the-secret");
	}

	@Test
	void knownEndpointStarts() {
		try (AkiEmulator emulator = AkiEmulator.start();
				ConfigurableApplicationContext context = run("--aki.io.validate-key-on-startup=true",
						"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=" + emulator.apiKey(),
						"--aki.io.endpoint=llama3_8b_chat")) {
			assertThat(context.isActive()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "https://", "ftp://aki.io", "https://user:the-secret@aki.io", "https://aki.io?key=the-secret" })
	void badServerIsExplained(String server, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--aki.io.api-server=" + server));
		assertThat(output).contains(FAILED)
			.contains("The property 'aki.io.api-server' must")
			.contains("such as https://aki.io")
			.doesNotContain("the-secret");
	}

	@Test
	void badKeyOfTheEnvironmentIsExplainedButNotShown(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("--AKI_API_KEY=the-secret of-mine"));
		assertThat(output).contains(FAILED)
			.contains("The property 'aki.io.api-key' contains a space")
			.contains("environment variable AKI_API_KEY")
			.doesNotContain("the-secret")
			.doesNotContain("of-mine");
	}

	@Test
	void missingAsyncClientIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(NeedsAsyncClient.class));
		assertThat(output).contains(FAILED)
			.contains("required a bean of type 'io.aki.client.AkiAsyncClient'")
			.contains("Set 'aki.io.async.enabled' to true");
	}

	@Test
	void missingExecutorIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(NeedsExecutor.class));
		assertThat(output).contains(FAILED)
			.contains("required the executor 'akiAsyncExecutor'")
			.contains("Set 'aki.io.async.enabled' to true");
	}

	@Test
	void executorOfAnotherTypeIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(OtherExecutor.class, "--aki.io.async.enabled=true"));
		assertThat(output).contains(FAILED).contains("must be an AsyncTaskExecutor");
	}

	@Test
	void missingClientIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(NeedsClient.class, "--aki.io.enabled=false"));
		assertThat(output).contains(FAILED).contains("Set 'aki.io.enabled' to true");
	}

	@Test
	void keyWithUnresolvedPlaceholderIsExplained(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--AKI_API_KEY=\\${MY_SECRET}"));
		assertThat(output).contains(FAILED).contains("contains '${': a placeholder was not resolved");
	}

	@Test
	void invalidKeyIsExplainedWithItsSource(CapturedOutput output) {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			assertThatException().isThrownBy(() -> run("--aki.io.validate-key-on-startup=true",
					"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=wrong-secret"));
		}
		assertThat(output).contains("Key not valid. The key comes from the property 'aki.io.api-key'")
			.doesNotContain("wrong-secret");
	}

	@Test
	void missingClientInATestIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> runWithoutAutoConfiguration(NeedsClient.class,
				"--org.springframework.boot.test.context.SpringBootTestContextBootstrapper=true"));
		assertThat(output).contains(FAILED).contains("@AutoConfigureAkiEmulator").contains("@MockitoBean");
	}

	@Test
	void missingClientOutsideOfATestIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> runWithoutAutoConfiguration(NeedsClient.class));
		assertThat(output).contains(FAILED)
			.contains("Add the dependency 'io.aki:aki-spring-boot-starter'")
			.doesNotContain("@MockitoBean");
	}

	private static ConfigurableApplicationContext runWithoutAutoConfiguration(Class<?> source, String... arguments) {
		return run(source,
				Stream
					.concat(Stream.of(arguments),
							Stream.of("--spring.autoconfigure.exclude=" + AkiAutoConfiguration.class.getName()))
					.toArray(String[]::new));
	}

	@Test
	void severalClientsAreExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(TwoClients.class));
		assertThat(output).contains(FAILED)
			.contains("a single AkiClient, but there are 2")
			.contains("@Bean(defaultCandidate = false)");
	}

	@Test
	void propertyOfTheEmulatorWithoutItsModuleIsAWarning(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(AkiEmulator.class))
			.withPropertyValues("aki.io.emulator.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(AkiClient.class));
		assertThat(output).contains("there is no emulator: add the dependency 'io.aki:aki-spring-boot-test'");
	}

	private static void assertValidationIsExplained(CapturedOutput output) {
		assertThat(output).contains(FAILED)
			.contains("The API key of AKI.IO could not be validated")
			.contains("Set 'aki.io.api-key'")
			.contains("aki.io.api-server");
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
	static class TwoClients {

		@Bean
		AkiClient one() {
			return AkiClient.builder().build();
		}

		@Bean
		AkiClient other() {
			return AkiClient.builder().build();
		}

		@Bean
		String needsOne(AkiClient client) {
			return client.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NeedsAsyncClient {

		NeedsAsyncClient(AkiAsyncClient client) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NeedsExecutor {

		NeedsExecutor(@Qualifier("akiAsyncExecutor") AsyncTaskExecutor executor) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OtherExecutor {

		@Bean
		Executor akiAsyncExecutor() {
			return Runnable::run;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NeedsClient {

		NeedsClient(AkiClient client) {
		}

	}

}
