package io.aki.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.aki.client.AkiClient;
import io.aki.client.AkiConcurrency;
import io.aki.client.AkiRetryPolicy;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link AkiAutoConfiguration}.
 */
class AkiAutoConfigurationTests {

	private static final String CHAT = "llama3_8b_chat";

	private static final Map<String, Object> HELLO = Map.of("chat_context",
			List.of(Map.of("role", "user", "content", "hello")));

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(AkiAutoConfiguration.class,
			RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class);

	@AutoClose
	private static final AkiEmulator emulator = AkiEmulator.builder().pace(100).seed(1).build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues("aki.io.api-server=" + emulator.apiServer(), "aki.io.api-key=" + emulator.apiKey(),
				"aki.io.endpoint=" + CHAT);

	private final ApplicationContextRunner bareRunner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@BeforeEach
	void reset() {
		emulator.reset();
	}

	@Test
	void clientThatIsInjectedCallsTheServer() {
		this.contextRunner.run((context) -> assertAnswers(context.getBean(AkiClient.class)));
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyReachesTheClient(String property, String value, String where, Object expected) {
		this.bareRunner.withPropertyValues("aki.io." + property + "=" + value)
			.run((context) -> assertThat(settings(context)).extractingByKey(where)
				.extracting(AkiAutoConfigurationTests::flat)
				.asString()
				.contains(expected.toString()));
	}

	/**
	 * Return the values that the auto-configuration passes to the builder of the client,
	 * by the names of the builder's methods.
	 */
	private static Map<String, Object> settings(AssertableApplicationContext context) {
		Map<String, Object> settings = new LinkedHashMap<>();
		AkiClient.Builder builder = mock(AkiClient.Builder.class, (invocation) -> {
			settings.put(invocation.getMethod().getName(), invocation.getArgument(0));
			return invocation.getMock();
		});
		AkiAutoConfiguration.configure(builder, context.getBean(AkiProperties.class),
				context.getBean(AkiConnectionDetails.class), context.getEnvironment());
		return settings;
	}

	private static String flat(Object value) {
		return String.valueOf(value);
	}

	static Stream<Arguments> properties() {
		return Stream.of(Arguments.of("api-server", "http://other.example", "apiServer", "http://other.example"),
				Arguments.of("endpoint", "xttsv2", "endpoint", "xttsv2"),
				Arguments.of("output-binary-format", "raw", "outputBinaryFormat", "RAW"),
				Arguments.of("raise-exceptions", "true", "raiseExceptions", "true"),
				Arguments.of("progress-interval", "0.7", "progressInterval", "PT0.7S"),
				Arguments.of("return-tool-call-dict", "true", "returnToolCallDict", "true"),
				Arguments.of("read-timeout", "12", "readTimeout", "PT12S"),
				Arguments.of("progress-timeout", "13", "progressTimeout", "PT13S"),
				Arguments.of("job-timeout", "14", "jobTimeout", "PT14S"),
				Arguments.of("cancel-timeout", "15", "cancelTimeout", "PT15S"),
				Arguments.of("outage-timeout", "16", "outageTimeout", "PT16S"),
				Arguments.of("cancel-on-close", "false", "cancelOnClose", "false"),
				Arguments.of("max-response-size", "17KB", "maxResponseSize", 17 * 1024L + "B"),
				Arguments.of("logging.requests", "headers", "requestLogging", "HEADERS"),
				Arguments.of("retry.max-attempts", "7", "retry", "maxAttempts=7"),
				Arguments.of("retry.delay", "0.1", "retry", "delay=PT0.1S"),
				Arguments.of("retry.multiplier", "3.5", "retry", "multiplier=3.5"),
				Arguments.of("retry.max-delay", "20", "retry", "maxDelay=PT20S"),
				Arguments.of("concurrency.max-jobs", "21", "concurrency", "maxJobs=21"),
				Arguments.of("concurrency.poll-threads", "22", "concurrency", "pollThreads=22"),
				Arguments.of("concurrency.callback-threads", "23", "concurrency", "callbackThreads=23"));
	}

	@Test
	void everyPropertyOfTheClientIsInTheTable() {
		Set<String> tested = properties().map((arguments) -> (String) arguments.get()[0])
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> elsewhere = Set.of("enabled", "api-key", "connect-timeout", "max-idle-before-start",
				"validate-key-on-startup");
		Set<String> declared = new TreeSet<>(ownProperties("", AkiProperties.class));
		declared.addAll(ownProperties("retry.", AkiProperties.Retry.class));
		declared.addAll(ownProperties("logging.", AkiProperties.Logging.class));
		declared.addAll(ownProperties("concurrency.", AkiProperties.Concurrency.class));
		declared.removeAll(elsewhere);
		assertThat(tested).isEqualTo(declared);
	}

	private static List<String> ownProperties(String prefix, Class<?> type) {
		return Stream.of(new BeanWrapperImpl(type).getPropertyDescriptors())
			.filter((property) -> property.getWriteMethod() != null)
			.map((property) -> prefix + property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.toList();
	}

	@Test
	void defaultsAreThoseOfTheClient() {
		this.bareRunner.run((context) -> {
			Map<String, Object> settings = settings(context);
			settings.remove("apiKey");
			assertThat(settings)
				.hasToString("{outputBinaryFormat=BASE64, raiseExceptions=false, progressInterval=PT0.2S,"
						+ " returnToolCallDict=false, readTimeout=PT5M, progressTimeout=PT30S, jobTimeout=PT1H,"
						+ " cancelTimeout=PT5S, outageTimeout=PT2M, cancelOnClose=true, retry=" + AkiRetryPolicy.DEFAULT
						+ ", concurrency=" + AkiConcurrency.DEFAULT + ", maxResponseSize=268435456B,"
						+ " requestLogging=NONE, apiServer=https://aki.io}");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void threadsAreVirtualWhereTheApplicationAsksForThem() {
		this.bareRunner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(settings(context)).containsEntry("concurrency", AkiConcurrency.VIRTUAL));
	}

	@ParameterizedTest
	@CsvSource({ "200ms, PT0.2S", "PT0.2S, PT0.2S", "5s, PT5S", "0.2, PT0.2S", ".25, PT0.25S", "5, PT5S",
			"1e-1, PT0.1S", "2m, PT2M" })
	void durationIsSecondsOrCarriesAUnit(String value, Duration expected) {
		this.bareRunner.withPropertyValues("aki.io.progress-interval=" + value)
			.run((context) -> assertThat(context.getBean(AkiProperties.class).getProgressInterval())
				.isEqualTo(expected));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.7", "'0.7'", "700ms" })
	void namesAndNumbersBindAsTheOtherClientsSpellThem(String interval) {
		this.bareRunner.withInitializer(yaml("""
				aki:
				  io:
				    api_server: http://other.example
				    output_binary_format: raw
				    raise_exceptions: true
				    return_tool_call_dict: true
				    job_timeout: 60
				    progress_interval: %s
				""".formatted(interval)))
			.run((context) -> assertThat(settings(context)).asString()
				.contains("apiServer=http://other.example", "outputBinaryFormat=RAW", "raiseExceptions=true",
						"returnToolCallDict=true", "jobTimeout=PT1M", "progressInterval=PT0.7S"));
	}

	@Test
	void environmentVariablesBind() {
		this.bareRunner
			.withInitializer(environment(Map.of("AKI_IO_API_KEY", emulator.apiKey(), "AKI_IO_API_SERVER",
					emulator.apiServer(), "AKI_IO_ENDPOINT", CHAT, "AKI_IO_PROGRESSINTERVAL", "0.7")))
			.run((context) -> {
				assertThat(settings(context)).containsEntry("progressInterval", Duration.ofMillis(700));
				assertAnswers(context.getBean(AkiClient.class));
			});
	}

	@Test
	void durationsOfTheUserAreNotTouched() {
		this.bareRunner.withUserConfiguration(UsersProperties.Configuration.class)
			.withPropertyValues("user.period=30")
			.run((context) -> assertThat(context.getBean(UsersProperties.class).getPeriod())
				.isEqualTo(Duration.ofMillis(30)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "aki.io.api-key=", "aki.io.api-key=  " })
	void keyOfTheEnvironmentIsUsedWhereThePropertyIsAbsentOrBlank(String property) {
		this.bareRunner.withInitializer(environment(Map.of("AKI_API_KEY", emulator.apiKey())))
			.withPropertyValues("aki.io.api-server=" + emulator.apiServer(), "aki.io.endpoint=" + CHAT)
			.withPropertyValues(property.isEmpty() ? new String[0] : new String[] { property })
			.run((context) -> assertAnswers(context.getBean(AkiClient.class)));
	}

	@Test
	void keyOfThePropertyWinsOverTheEnvironment() {
		this.contextRunner.withInitializer(environment(Map.of("AKI_API_KEY", "of-the-environment"))).run((context) -> {
			context.getBean(AkiClient.class).doApiRequest(HELLO);
			assertThat(emulator.requests()).singleElement()
				.satisfies((request) -> assertThat(request.body()).containsEntry("key", emulator.apiKey()));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void firstCallWithoutKeySaysWhichPropertyToSet(String variable) {
		this.bareRunner.withInitializer(environment(Map.of("AKI_API_KEY", variable)))
			.withPropertyValues("aki.io.endpoint=" + CHAT)
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(AkiClient.class).doApiRequest(HELLO))
				.withMessageContaining("aki.io.api-key")
				.withMessageContaining("AKI_API_KEY"));
	}

	@Test
	void keyIsInNoTextOfABean() {
		this.contextRunner.withPropertyValues("aki.io.api-key=the-secret").run((context) -> {
			for (String name : context.getBeanDefinitionNames()) {
				if (!name.equals("environment") && !name.equals("systemProperties")) {
					assertThat(context.getBean(name).toString()).as(name).doesNotContain("the-secret");
				}
			}
		});
	}

	@Test
	void nothingIsConfiguredWhenDisabled() {
		this.contextRunner.withPropertyValues("aki.io.enabled=false")
			.run((context) -> assertThat(List.of(context.getBeanDefinitionNames()))
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).contains("aki")));
	}

	@Test
	void nothingIsConfiguredWithoutTheRestClientModule() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(RestClientCustomizer.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(AkiClient.class);
		});
	}

	@Test
	void backsOffBeforeAUsersClient() {
		this.contextRunner
			.withBean("users", AkiClient.class, () -> AkiClient.builder().apiServer("http://users.example").build())
			.run((context) -> assertThat(context).hasSingleBean(AkiClient.class)
				.getBean(AkiClient.class)
				.asString()
				.contains("users.example"));
	}

	@Test
	void backsOffBeforeAUsersBuilder() {
		this.contextRunner
			.withBean("users", AkiClient.Builder.class, () -> AkiClient.builder().apiServer("http://users.example"))
			.run((context) -> {
				assertThat(context).hasSingleBean(AkiClient.Builder.class);
				assertThat(context.getBean(AkiClient.class)).asString().contains("users.example");
			});
	}

	@Test
	void builderIsAPrototype() {
		this.contextRunner.run((context) -> {
			context.getBean(AkiClient.Builder.class).endpoint("changed");
			assertThat(context.getBean(AkiClient.Builder.class).build()).asString().contains(CHAT);
		});
	}

	@Test
	void secondClientIsOneBeanMethod() {
		this.contextRunner.withUserConfiguration(SecondClient.class).run((context) -> {
			SecondClient.Consumer consumer = context.getBean(SecondClient.Consumer.class);
			assertThat(consumer.byType).isSameAs(context.getBean("akiClient")).isNotSameAs(consumer.images);
			assertAnswers(consumer.byType);
			AkiResult image = consumer.images.doApiRequest(Map.of("prompt", "a hill", "width", 128, "height", 128));
			assertThat(image.error()).isNull();
			assertThat(image.images()).hasSize(1);
		});
	}

	@Test
	void clientsShareConnections() {
		try (LoopbackServer server = LoopbackServer
			.start((exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.ENDPOINTS))) {
			this.contextRunner.withUserConfiguration(SecondClient.class)
				.withPropertyValues("aki.io.api-server=" + server.url())
				.run((context) -> {
					context.getBean(AkiClient.class).getEndpointList().orThrow();
					context.getBean("images", AkiClient.class).getEndpointList().orThrow();
					assertThat(server.requests()).hasSize(2);
					assertThat(server.requests().stream().map(LoopbackServer.Request::clientPort).distinct())
						.hasSize(1);
				});
		}
	}

	@Test
	void closingOneClientLeavesTheOtherAlone() {
		this.contextRunner.withUserConfiguration(SecondClient.class).run((context) -> {
			context.getBean("images", AkiClient.class).close();
			assertAnswers(context.getBean(AkiClient.class));
		});
	}

	@Test
	void customizersAreAppliedInOrderAndAfterTheProperties() {
		this.contextRunner.withUserConfiguration(Customizers.class)
			.run((context) -> assertThat(context.getBean(AkiClient.class)).asString().contains("endpoint second"));
	}

	@Test
	void restClientCustomizersOfTheUserAreApplied() {
		try (LoopbackServer server = LoopbackServer
			.start((exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS))) {
			this.contextRunner
				.withBean(RestClientCustomizer.class, () -> (builder) -> builder.defaultHeader("X-User", "yes"))
				.withPropertyValues("aki.io.api-server=" + server.url())
				.run((context) -> {
					context.getBean(AkiClient.class).doApiRequest(HELLO);
					assertThat(server.requests()).singleElement()
						.extracting((request) -> request.header("X-User"))
						.isEqualTo("yes");
				});
		}
	}

	@Test
	void restClientsOfTheUserAreNotTouched() {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			boolean redirect = exchange.getRequestURI().getPath().equals("/");
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			LoopbackServer.answer(exchange, redirect ? 302 : 200, LoopbackServer.SUCCESS);
		})) {
			this.contextRunner.run((context) -> {
				// this client follows redirects, the engine of AKI.IO does not
				context.getBean(RestClient.Builder.class)
					.build()
					.get()
					.uri(server.url() + "/")
					.retrieve()
					.toBodilessEntity();
				assertThat(server.requests()).hasSize(2);
			});
		}
	}

	@Test
	void clientIsClosedWithTheContext() {
		AtomicReference<AkiClient> client = new AtomicReference<>();
		this.contextRunner.run((context) -> client.set(context.getBean(AkiClient.class)));
		assertThatIllegalStateException().isThrownBy(() -> client.get().doApiRequest(HELLO))
			.withMessageContaining("closed");
	}

	@Test
	void worksInAServletApplication() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues(emulatorProperties())
			.run((context) -> assertAnswers(context.getBean(AkiClient.class)));
	}

	@Test
	void worksInAReactiveApplication() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues(emulatorProperties())
			.run((context) -> {
				assertThat(context).doesNotHaveBean(ClientHttpRequestFactoryBuilder.class);
				assertAnswers(context.getBean(AkiClient.class));
			});
	}

	private static String[] emulatorProperties() {
		return new String[] { "aki.io.api-server=" + emulator.apiServer(), "aki.io.api-key=" + emulator.apiKey(),
				"aki.io.endpoint=" + CHAT };
	}

	private static void assertAnswers(AkiClient client) {
		AkiResult result = client.doApiRequest(HELLO);
		assertThat(result.error()).isNull();
		assertThat(result.text()).isNotBlank();
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> environment(
			Map<String, Object> variables) {
		return (context) -> context.getEnvironment()
			.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> yaml(String text) {
		return (context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("test", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addFirst);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

	@ConfigurationProperties("user")
	static class UsersProperties {

		private Duration period = Duration.ZERO;

		public Duration getPeriod() {
			return this.period;
		}

		public void setPeriod(Duration period) {
			this.period = period;
		}

		@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
		@EnableConfigurationProperties(UsersProperties.class)
		static class Configuration {

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondClient {

		@Bean(defaultCandidate = false)
		@Qualifier("images")
		AkiClient images(AkiClient.Builder builder) {
			return builder.endpoint("z_image_turbo").build();
		}

		@Bean
		Consumer consumer(ApplicationContext context) {
			return context.getAutowireCapableBeanFactory().createBean(Consumer.class);
		}

		static class Consumer {

			private final AkiClient byType;

			private final AkiClient images;

			@Autowired
			Consumer(AkiClient byType, @Qualifier("images") AkiClient images) {
				this.byType = byType;
				this.images = images;
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		@Order(2)
		AkiClientCustomizer second() {
			return (builder) -> builder.endpoint("second");
		}

		@Bean
		@Order(1)
		AkiClientCustomizer first() {
			return (builder) -> builder.endpoint("first");
		}

	}

}
