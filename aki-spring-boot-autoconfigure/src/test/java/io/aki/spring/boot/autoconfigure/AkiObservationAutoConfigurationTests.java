package io.aki.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.aki.client.AkiClient;
import io.aki.client.AkiObservationConvention;
import io.aki.client.AkiRequestObservationContext;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.DefaultAkiObservationConvention;
import io.aki.spring.boot.test.AkiEmulator;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiObservationAutoConfiguration}.
 */
@Timeout(60)
class AkiObservationAutoConfigurationTests {

	private static final Map<String, Object> QUESTION = Map.of("prompt_input", "Tell me a joke");

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(50).build();

	private final ApplicationContextRunner bareRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiObservationAutoConfiguration.class,
				AkiRequestGuardAutoConfiguration.class, RestClientAutoConfiguration.class))
		.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(),
				"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=llama3_8b_chat");

	private final ApplicationContextRunner contextRunner = this.bareRunner
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class, MetricsAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new);

	@Test
	void metersAreThoseThatThePageShows() throws IOException {
		Map<String, Set<String>> shown = shown();
		this.contextRunner.withPropertyValues("aki.io.limits.default.starts-per-minute=1").run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Set<Integer> active = new TreeSet<>();
			client
				.doApiRequestAwait(QUESTION,
						(info, data) -> active
							.add(registry.get("aki.client.request.active").longTaskTimer().activeTasks()))
				.orThrow();
			assertThat(active).containsOnly(1);
			assertThatExceptionOfType(AkiRequestRefusedException.class).isThrownBy(() -> client.doApiRequest(QUESTION));
			Map<String, Set<String>> registered = new TreeMap<>();
			registry.getMeters()
				.stream()
				.filter((meter) -> meter.getId().getName().matches("(aki|gen_ai)\\..*")
						&& !meter.getId().getName().endsWith(".histogram"))
				.forEach((meter) -> registered.computeIfAbsent(meter.getId().getName(), (name) -> new TreeSet<>())
					.addAll(meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet())));
			assertThat(registered).isEqualTo(shown);
			assertThat(registry.get("gen_ai.client.operation.duration").timer().count()).isEqualTo(1);
			assertThat(registry.get("gen_ai.client.token.usage")
				.tag("gen_ai.token.type", "output")
				.tag("gen_ai.provider.name", "aki.io")
				.summary()
				.totalAmount()).isPositive();
			assertThat(registry.get("aki.client.polls").tag("outcome", "success").functionTimer().count()).isPositive();
			assertThat(registry.get("aki.client.jobs").tag("client", "akiClient").gauge().value()).isZero();
		});
	}

	private static Map<String, Set<String>> shown() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "observing.md"));
		Set<String> request = quoted(page, "(?m)^Tags of a request: (.*)$");
		Map<String, Set<String>> shown = new TreeMap<>();
		Matcher row = Pattern.compile("(?m)^\\| `((?:aki|gen_ai)\\.client\\.[^`]+)` \\|[^|]*\\|([^|]*)\\|")
			.matcher(page);
		while (row.find()) {
			Set<String> tags = new TreeSet<>(names(row.group(2)));
			if (row.group(2).contains("of a request")) {
				tags.addAll(request);
			}
			shown.put(row.group(1), tags);
		}
		return shown;
	}

	private static Set<String> quoted(String page, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(page);
		assertThat(matcher.find()).isTrue();
		return names(matcher.group(1));
	}

	private static Set<String> names(String text) {
		return Pattern.compile("`([^`]+)`")
			.matcher(text)
			.results()
			.map((result) -> result.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void errorsAreMeasuredByKind() {
		this.contextRunner.withPropertyValues("aki.io.api-key=wrong-key").run((context) -> {
			assertThat(context.getBean(AkiClient.class).doApiRequest(QUESTION).success()).isFalse();
			assertThat(context.getBean(MeterRegistry.class)
				.get("gen_ai.client.operation.duration")
				.tag("error.type", "AkiPermissionException")
				.tag("outcome", "error")
				.timer()
				.count()).isEqualTo(1);
		});
	}

	@Test
	void conventionOfTheUserIsUsed() {
		this.contextRunner.withBean(AkiObservationConvention.class, TenantConvention::new).run((context) -> {
			assertThat(context).hasSingleBean(AkiObservationConvention.class);
			context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
			assertThat(context.getBean(MeterRegistry.class)
				.get("gen_ai.client.operation.duration")
				.tag("tenant", "a")
				.timer()
				.count()).isEqualTo(1);
		});
	}

	@Test
	void propertyOfSpringBootSwitchesItOff() {
		this.contextRunner.withPropertyValues("management.observations.enable.aki.client.request=false")
			.run((context) -> {
				context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
				assertThat(context.getBean(MeterRegistry.class).find("aki.client.request").timer()).isNull();
				assertThat(context.getBean(MeterRegistry.class).find("gen_ai.client.operation.duration").timer())
					.isNull();
			});
	}

	@Test
	void propertyOfSpringBootSwitchesSingleMetersOff() {
		this.contextRunner.withPropertyValues("management.metrics.enable.gen_ai=false").run((context) -> {
			context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getName())
				.noneMatch((name) -> name.startsWith("gen_ai"));
			assertThat(registry.get("aki.client.request").timer().count()).isEqualTo(1);
		});
	}

	@Test
	void everyClientIsMeasuredUnderItsName() {
		this.contextRunner.withUserConfiguration(SeveralClients.class).run((context) -> {
			context.getBean("imageClient", AkiClient.class).doApiRequestAwait(Map.of("prompt", "a hill")).orThrow();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(polls(registry, "imageClient")).isPositive();
			assertThat(polls(registry, "akiClient")).isZero();
		});
	}

	@Test
	void clientsThatComeAndGoLeaveNoMeterBehind() {
		this.contextRunner.run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			client.doApiRequestAwait(QUESTION).orThrow();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			int meters = registry.getMeters().size();
			double before = polls(registry, "akiClient");
			for (int i = 0; i < 5; i++) {
				try (AkiClient other = client.mutate().raiseExceptions(true).build()) {
					other.doApiRequestAwait(QUESTION);
				}
			}
			assertThat(registry.getMeters()).hasSize(meters);
			assertThat(polls(registry, "akiClient")).isGreaterThan(before);
			assertThat(registry.get("aki.client.jobs").gauge().value()).isZero();
			assertThat(registry.get("gen_ai.client.operation.duration").timer().count()).isEqualTo(6);
		});
	}

	@Test
	void clientThatIsMadeLazilyIsMeasured() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				context.getBean(AkiClient.class).doApiRequestAwait(QUESTION).orThrow();
				assertThat(polls(context.getBean(MeterRegistry.class), "akiClient")).isPositive();
			});
	}

	@Test
	void endpointsThatUsersChooseAreBounded() {
		this.contextRunner.withUserConfiguration(FewEndpoints.class).run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			for (int i = 0; i < 60; i++) {
				assertThat(client.forEndpoint("typo" + i).doApiRequest(QUESTION).success()).isFalse();
			}
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.filteredOn((meter) -> meter.getId().getTag("gen_ai.request.model") != null)
				.extracting((meter) -> meter.getId().getTag("gen_ai.request.model"))
				.contains("typo49")
				.doesNotContain("typo50");
		});
	}

	// @formatter:off
	// tag::bound[]
	@Configuration(proxyBeanMethods = false)
	static class FewEndpoints {

		@Bean
		MeterFilter fewEndpointsInConventionsMeters() {
			return MeterFilter.maximumAllowableTags("gen_ai.client", "gen_ai.request.model", 50, MeterFilter.deny());
		}

		@Bean
		MeterFilter fewEndpointsInOtherMeters() {
			return MeterFilter.maximumAllowableTags("aki.client", "gen_ai.request.model", 50, MeterFilter.deny());
		}

	}
	// end::bound[]
	// @formatter:on

	private static double polls(MeterRegistry registry, String client) {
		return registry.get("aki.client.polls").tag("client", client).tag("outcome", "success").functionTimer().count();
	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralClients {

		@Bean(defaultCandidate = false)
		AkiClient imageClient(AkiClient.Builder builder) {
			return builder.endpoint("z_image_turbo").build();
		}

	}

	@Test
	void propertiesSwitchPromptAndCompletionOn() {
		this.contextRunner
			.withPropertyValues("aki.io.observation.include-prompt=true", "aki.io.observation.include-completion=true")
			.withBean(RequestRecorder.class, RequestRecorder::new)
			.run((context) -> {
				context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
				assertThat(context.getBean(RequestRecorder.class).names()).contains("aki.request.prompt",
						"aki.response.completion");
			});
	}

	@Test
	void promptAndCompletionAreNotRecordedByDefault() {
		this.contextRunner.withBean(RequestRecorder.class, RequestRecorder::new).run((context) -> {
			context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
			assertThat(context.getBean(RequestRecorder.class).names()).contains("aki.job.id")
				.doesNotContain("aki.request.prompt", "aki.response.completion");
		});
	}

	/**
	 * Records the names of the high-cardinality values of requests.
	 */
	static final class RequestRecorder implements ObservationHandler<AkiRequestObservationContext> {

		private final Set<String> names = ConcurrentHashMap.newKeySet();

		@Override
		public void onStop(AkiRequestObservationContext context) {
			context.getHighCardinalityKeyValues().stream().map(KeyValue::getKey).forEach(this.names::add);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof AkiRequestObservationContext;
		}

		Set<String> names() {
			return this.names;
		}

	}

	@Test
	void nothingIsMeasuredWithoutRegistries() {
		this.bareRunner.run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(AkiMeterObservationHandler.class)
				.doesNotHaveBean("akiObservationClientCustomizer");
			context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
		});
	}

	@Test
	void applicationStartsWithoutMicrometersMeters() {
		this.bareRunner.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasBean("akiObservationClientCustomizer")
					.doesNotHaveBean("akiMeterObservationHandler");
				context.getBean(AkiClient.class).doApiRequest(QUESTION).orThrow();
			});
	}

	@Test
	void backsOffWithTheClient() {
		this.contextRunner.withPropertyValues("aki.io.enabled=false")
			.run((context) -> assertThat(Arrays.asList(context.getBeanDefinitionNames()))
				.noneMatch((name) -> name.startsWith("akiObservation") || name.equals("akiActivityMetrics")));
	}

	// @formatter:off
	// tag::convention[]
	static class TenantConvention extends DefaultAkiObservationConvention {

		@Override
		public KeyValues getLowCardinalityKeyValues(AkiRequestObservationContext context) {
			return super.getLowCardinalityKeyValues(context).and("tenant", "a");
		}

	}
	// end::convention[]
	// @formatter:on

}
