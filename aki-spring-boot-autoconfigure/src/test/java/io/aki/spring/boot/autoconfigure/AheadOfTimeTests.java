package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that was processed ahead of time. Its beans are created by
 * generated code, which does not read annotations.
 */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "hello");

	@Test
	void callsAreMadeWithTheKeyOfTheRun() {
		try (AkiEmulator emulator = AkiEmulator.builder().apiKeys("of-the-run").build()) {
			processed(Application.class, "aki.io.async.enabled=true", "aki.io.api-key=of-the-build").run((context) -> {
				assertThat(call(context).error()).isNull();
				assertThat(context.getBean(AkiAsyncClient.class).doApiRequestAwait(PARAMS))
					.succeedsWithin(Duration.ofSeconds(30))
					.satisfies((result) -> assertThat(result.error()).isNull());
				assertThat(emulator.jobs()).hasSize(2);
			}, "aki.io.api-server=" + emulator.apiServer(), "aki.io.api-key=of-the-run");
		}
	}

	/**
	 * The default settings of Spring Boot for Apache's engine include retries. A retry
	 * could pay for a job twice.
	 */
	@Test
	void apacheDoesNotSendAJobAgain() {
		apacheDoesNotSendAJobAgain(new String[0]);
	}

	@Test
	void apacheOfThePropertyDoesNotSendAJobAgain() {
		apacheDoesNotSendAJobAgain("spring.http.clients.imperative.factory=http-components");
	}

	private void apacheDoesNotSendAJobAgain(String... chosenBy) {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			exchange.getResponseHeaders().set("Retry-After", "0");
			LoopbackServer.answer(exchange, 503, "{\"success\":false,\"error\":\"busy\"}");
		})) {
			processed(Application.class).run((context) -> {
				assertThat(call(context).errorCode()).isEqualTo(503);
				assertThat(server.requests()).singleElement()
					.satisfies((request) -> assertThat(request.header("User-Agent")).startsWith("Apache-HttpClient/"));
			}, StringUtils.addStringToArray(chosenBy, "aki.io.api-server=" + server.url()));
		}
	}

	@Test
	void engineOfTheUserWins() {
		try (LoopbackServer server = LoopbackServer
			.start((exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS))) {
			processed(OwnEngine.class).run((context) -> {
				assertThat(call(context).error()).isNull();
				assertThat(server.requests()).singleElement()
					.satisfies((request) -> assertThat(request.header("User-Agent")).startsWith("Java/"));
			}, "aki.io.api-server=" + server.url());
		}
	}

	@Test
	void beansAreThoseOfAnApplicationThatIsNotProcessed() {
		String[] properties = { "aki.io.async.enabled=true", "aki.io.api-key=k" };
		try (AnnotationConfigApplicationContext usual = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(properties).applyTo(usual);
			usual.register(Application.class);
			usual.refresh();
			processed(Application.class, properties).run(
					(context) -> assertThat(akiBeans(context)).isNotEmpty().containsExactlyElementsOf(akiBeans(usual)),
					properties);
		}
	}

	private static Iterable<String> akiBeans(ApplicationContext context) {
		return Stream.of(context.getBeanDefinitionNames()).filter((name) -> name.contains("aki")).sorted().toList();
	}

	private static AkiResult call(ApplicationContext context) {
		return context.getBean(AkiClient.class).doApiRequest(PARAMS);
	}

	private static Processed processed(Class<?> application, String... properties) {
		TestGenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(properties).applyTo(context);
			context.register(application);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		return new Processed(generation);
	}

	private record Processed(TestGenerationContext generation) {

		@SuppressWarnings("unchecked")
		void run(Consumer<ApplicationContext> test, String... properties) {
			TestCompiler.forSystem().with(this.generation).compile((compiled) -> {
				try (GenericApplicationContext context = new GenericApplicationContext()) {
					TestPropertyValues
						.of("aki.io.api-key=k", "aki.io.endpoint=llama3_8b_chat", "aki.io.retry.max-attempts=1")
						.and(properties)
						.applyTo(context);
					compiled.getInstance(ApplicationContextInitializer.class).initialize(context);
					context.refresh();
					test.accept(context);
				}
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OwnEngine {

		@Bean
		SimpleClientHttpRequestFactoryBuilder engine() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

}
