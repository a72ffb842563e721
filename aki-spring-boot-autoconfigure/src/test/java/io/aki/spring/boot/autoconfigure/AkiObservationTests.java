package io.aki.spring.boot.autoconfigure;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.aki.client.AkiClient;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the observations of the client's exchanges.
 */
class AkiObservationTests {

	private static final String KEY = "se/cr+et&key";

	private final List<Observation.Context> observed = new CopyOnWriteArrayList<>();

	private final ObservationRegistry registry = ObservationRegistry.create();

	@AutoClose
	private final LoopbackServer server = LoopbackServer.start((exchange) -> LoopbackServer.answer(exchange, 200,
			exchange.getRequestURI().getPath().equals("/api/endpoints") ? LoopbackServer.ENDPOINTS
					: LoopbackServer.SUCCESS));

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
				RestClientObservationAutoConfiguration.class))
		.withBean(ObservationRegistry.class, () -> this.registry)
		.withPropertyValues("aki.io.api-server=" + this.server.url(), "aki.io.api-key=" + KEY, "aki.io.endpoint=chat");

	AkiObservationTests() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				AkiObservationTests.this.observed.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
	}

	@Test
	void exchangesAreObservedUnderTheirUriTemplates() {
		this.contextRunner.run((context) -> {
			callAll(context.getBean(AkiClient.class));
			assertThat(this.observed).extracting(Observation.Context::getName).containsOnly("http.client.requests");
			assertThat(this.observed).extracting((each) -> value(each, "uri"))
				.containsExactly("/api/call/{endpoint}", "/api/endpoints?key={key}",
						"/api/endpoints/{endpoint}?key={key}", "/api/validate_key?version={version}&key={key}");
			assertThat(this.observed).extracting((each) -> value(each, "status")).containsOnly("200");
		});
	}

	@Test
	void urlIsObservedWithoutTheKey() {
		this.contextRunner.run((context) -> {
			context.getBean(AkiClient.class).getEndpointList();
			assertThat(this.observed).singleElement()
				.extracting((each) -> value(each, "http.url"))
				.isEqualTo(this.server.url() + "/api/endpoints?key=***");
		});
	}

	@Test
	void keyIsInNoValue() {
		this.contextRunner.run((context) -> {
			callAll(context.getBean(AkiClient.class));
			assertThat(this.observed).hasSize(4);
			assertNoKey();
		});
	}

	@Test
	void keyIsInNoValueOfTheUsersConvention() {
		this.contextRunner
			.withBean(ClientRequestObservationConvention.class, LeakingClientRequestObservationConvention::new)
			.run((context) -> {
				callAll(context.getBean(AkiClient.class));
				assertThat(this.observed).extracting(Observation.Context::getName).containsOnly("users.name");
				assertThat(this.observed).extracting((each) -> value(each, "users.query"))
					.containsExactly("none", "key=***", "key=***", "version=" + AkiClient.getVersion() + "&key=***");
				assertNoKey();
			});
	}

	@Test
	void nameOfThePropertyIsUsed() {
		this.contextRunner.withPropertyValues("management.observations.http.client.requests.name=users.requests")
			.run((context) -> {
				callAll(context.getBean(AkiClient.class));
				assertThat(this.observed).extracting(Observation.Context::getName).containsOnly("users.requests");
			});
	}

	private static void callAll(AkiClient client) {
		client.doApiRequest(Map.of("prompt_input", "x")).orThrow();
		client.getEndpointList().orThrow();
		client.getEndpointDetails("chat").orThrow();
		client.initApiKey().orThrow();
	}

	private void assertNoKey() {
		assertThat(this.observed)
			.flatMap((each) -> Stream
				.concat(Stream.of(String.valueOf(each.getName()), String.valueOf(each.getContextualName())),
						each.getAllKeyValues().stream().map((value) -> value.getKey() + "=" + value.getValue()))
				.toList())
			.isNotEmpty()
			.noneMatch((text) -> text.contains("cr+et") || text.contains("cr%2Bet") || text.contains("et&key"));
	}

	private static String value(Observation.Context context, String key) {
		return context.getAllKeyValues()
			.stream()
			.filter((value) -> value.getKey().equals(key))
			.findFirst()
			.orElseThrow()
			.getValue();
	}

	private static final class LeakingClientRequestObservationConvention
			extends DefaultClientRequestObservationConvention {

		@Override
		public String getName() {
			return "users.name";
		}

		@Override
		public String getContextualName(ClientRequestObservationContext context) {
			return "call of " + url(context);
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(ClientRequestObservationContext context) {
			return super.getLowCardinalityKeyValues(context).and("users.raw", url(context).toString());
		}

		@Override
		public KeyValues getHighCardinalityKeyValues(ClientRequestObservationContext context) {
			return super.getHighCardinalityKeyValues(context).and("users.query",
					Objects.requireNonNullElse(url(context).getQuery(), "none"));
		}

		private static URI url(ClientRequestObservationContext context) {
			return Objects.requireNonNull(context.getCarrier()).getURI();
		}

	}

}
