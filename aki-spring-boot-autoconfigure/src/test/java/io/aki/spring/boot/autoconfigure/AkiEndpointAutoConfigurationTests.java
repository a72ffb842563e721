package io.aki.spring.boot.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import io.aki.client.AkiClient;
import io.aki.spring.boot.autoconfigure.AkiActuatorEndpoint.AkiDescriptor;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiEndpointAutoConfiguration}.
 */
@Timeout(60)
class AkiEndpointAutoConfigurationTests {

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().pace(50).build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
				AkiEndpointAutoConfiguration.class))
		.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(),
				"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=llama3_8b_chat",
				"management.endpoints.web.exposure.include=aki");

	@Test
	void endpointsAreListed() {
		this.contextRunner.run((context) -> {
			AkiDescriptor answer = context.getBean(AkiActuatorEndpoint.class).endpoints();
			assertThat(answer.endpoints()).contains("llama3_8b_chat", "z_image_turbo");
			assertThat(answer.endpoint()).isEqualTo("llama3_8b_chat");
			assertThat(answer.error()).isNull();
			assertThat(answer.toString()).doesNotContain(this.emulator.apiKey());
		});
	}

	@Test
	void aFailureIsTold() {
		this.contextRunner.withPropertyValues("aki.io.api-key=wrong-key").run((context) -> {
			AkiDescriptor answer = context.getBean(AkiActuatorEndpoint.class).endpoints();
			assertThat(answer.endpoints()).isEmpty();
			assertThat(answer.error()).isNotEmpty().doesNotContain("wrong-key");
		});
	}

	@Test
	void serverThatDoesNotAnswerIsAskedOnceAndTold() {
		this.emulator.faults().add(AkiEmulatorFault.stalled().always());
		this.contextRunner.withPropertyValues("aki.io.health.timeout=0.2").run((context) -> {
			AkiDescriptor answer = context.getBean(AkiActuatorEndpoint.class).endpoints();
			assertThat(answer.endpoints()).isEmpty();
			assertThat(answer.error()).contains("0.2 s");
			assertThat(this.emulator.requests()).hasSize(1);
		});
	}

	@Test
	void infoTellsTheVersionAndNoSecret() {
		this.contextRunner.run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(InfoContributor.class).contribute(builder);
			assertThat(builder.build().getDetails().toString())
				.contains(AkiClient.getVersion(), this.emulator.apiServer(), "llama3_8b_chat")
				.doesNotContain(this.emulator.apiKey());
		});
	}

	@Test
	void endpointIsThereOnlyWhereItIsExposed() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(AkiActuatorEndpoint.class)
				.hasSingleBean(InfoContributor.class));
	}

	@Test
	void propertySwitchesInfoOff() {
		this.contextRunner.withPropertyValues("management.info.aki.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(InfoContributor.class));
	}

	@Test
	void backsOffWithoutTheClientOrTheActuator() {
		this.contextRunner.withPropertyValues("aki.io.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(AkiActuatorEndpoint.class)
				.doesNotHaveBean(InfoContributor.class));
		this.contextRunner.withClassLoader(new FilteredClassLoader(InfoContributor.class))
			.run((context) -> assertThat(context).hasSingleBean(AkiClient.class).doesNotHaveBean("akiEndpoint"));
	}

	@Test
	void theActuatorShowsAllOfIt() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).run(
				"--server.port=0", "--management.endpoints.web.exposure.include=*",
				"--management.endpoint.health.show-details=always",
				"--management.endpoint.health.group.readiness.include=readinessState,aki",
				"--management.endpoint.aki.cache.time-to-live=10m", "--aki.io.health.time-to-live=0",
				"--aki.io.api-server=" + this.emulator.apiServer(), "--aki.io.api-key=" + this.emulator.apiKey(),
				"--aki.io.endpoint=llama3_8b_chat")) {
			context.getBean(AkiClient.class)
				.doApiRequestAwait(java.util.Map.of("prompt_input", "Tell me a joke"))
				.orThrow();
			String base = "http://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/actuator";
			assertThat(get(base + "/aki")).contains("z_image_turbo").isEqualTo(get(base + "/aki"));
			assertThat(this.emulator.requests()).filteredOn((request) -> request.path().equals("/api/endpoints"))
				.hasSize(1);
			assertThat(get(base + "/info")).contains(AkiClient.getVersion());
			assertThat(get(base + "/health/readiness")).contains("UP", "readinessState", "workersOnline");
			assertThat(get(base + "/metrics/gen_ai.client.operation.duration")).contains("gen_ai.request.model");
			assertThat(get(base + "/metrics/aki.client.jobs")).contains("akiClient");
			this.emulator.refuseConnections(true);
			assertThat(status(base + "/health/readiness")).isEqualTo(503);
			assertThat(status(base + "/health/liveness")).isEqualTo(200);
			this.emulator.refuseConnections(false);
			assertThat(status(base + "/health/readiness")).isEqualTo(200);
		}
	}

	@Test
	void healthIsInNoGroupByItself() throws Exception {
		this.emulator.refuseConnections(true);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).run(
				"--server.port=0", "--management.endpoint.health.probes.enabled=true",
				"--aki.io.api-server=" + this.emulator.apiServer(), "--aki.io.api-key=" + this.emulator.apiKey())) {
			String base = "http://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/actuator";
			assertThat(status(base + "/health")).isEqualTo(503);
			assertThat(status(base + "/health/readiness")).isEqualTo(200);
			assertThat(status(base + "/health/liveness")).isEqualTo(200);
		}
	}

	private static int status(String uri) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.discarding())
			.statusCode();
	}

	private static String get(String uri) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
			.body();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
