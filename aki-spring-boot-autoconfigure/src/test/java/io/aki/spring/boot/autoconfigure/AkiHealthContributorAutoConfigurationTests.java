package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AkiHealthContributorAutoConfiguration}.
 */
@Timeout(60)
class AkiHealthContributorAutoConfigurationTests {

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().pace(50).build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
				AkiHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
		.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(),
				"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=llama3_8b_chat");

	@Test
	void serverThatTakesRequestsIsUp() {
		this.contextRunner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("reachable", true)
				.containsEntry("keyValid", true)
				.containsEntry("endpoint", "llama3_8b_chat")
				.containsKeys("workersOnline", "freeQueueSlots")
				.containsEntry("server", this.emulator.apiServer());
		});
	}

	@Test
	void answerIsKept() {
		this.contextRunner.run((context) -> {
			health(context);
			health(context);
			assertThat(this.emulator.requests()).hasSize(2);
		});
		this.contextRunner.withPropertyValues("aki.io.health.time-to-live=0").run((context) -> {
			health(context);
			health(context);
			assertThat(this.emulator.requests()).hasSize(6);
		});
	}

	@Test
	void keyThatIsRefusedIsDown() {
		this.contextRunner.withPropertyValues("aki.io.api-key=wrong-key").run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("keyValid", false);
			assertThat(health.getDetails().toString()).doesNotContain("wrong-key");
		});
	}

	@Test
	void serverThatCannotBeReachedIsDown() {
		this.emulator.close();
		this.contextRunner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("reachable", false).containsKey("error");
		});
	}

	@Test
	void serverThatDoesNotAnswerIsDownInTime() {
		this.emulator.faults().add(AkiEmulatorFault.stalled().always());
		this.contextRunner.withPropertyValues("aki.io.health.timeout=0.2")
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
	}

	@Test
	void endpointThatIsNotKnownIsDown() {
		this.contextRunner.withPropertyValues("aki.io.endpoint=nope")
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
	}

	@Test
	void endpointWithoutWorkersIsOutOfService() {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> LoopbackServer.answer(exchange, 200,
				"{\"success\": true, \"name\": \"chat\", \"num_active_workers\": 0, \"free_queue_slots\": 5}"))) {
			this.contextRunner.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.endpoint=chat")
				.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
		}
	}

	@Test
	void endpointWithAFullQueueIsOutOfService() {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> LoopbackServer.answer(exchange, 200,
				"{\"success\": true, \"name\": \"chat\", \"num_active_workers\": 3, \"free_queue_slots\": 0}"))) {
			this.contextRunner.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.endpoint=chat")
				.run((context) -> {
					Health health = health(context);
					assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
					assertThat(health.getDetails()).containsEntry("workersOnline", 3)
						.containsEntry("freeQueueSlots", 0)
						.containsEntry("reachable", true);
				});
		}
	}

	@Test
	void serverThatWantsFewerQuestionsIsUnknown() {
		this.emulator.faults().add(AkiEmulatorFault.status(429).always());
		this.contextRunner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(health.getDetails()).containsEntry("reachable", true).containsKey("error");
			assertThat(this.emulator.requests()).hasSize(1);
		});
	}

	@Test
	void serverThatIsStillBeingAskedIsUnknown() {
		CompletableFuture<AkiClient.Builder> never = new CompletableFuture<>();
		AkiClient client = mock(AkiClient.class);
		given(client.apiServer()).willReturn("https://aki.io");
		given(client.mutate()).willAnswer((call) -> never.join());
		Health health = new AkiHealthIndicator(client, Duration.ofSeconds(30), Duration.ofMillis(1)).health();
		never.cancel(true);
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health.getDetails()).containsEntry("error", "The server has not answered yet");
	}

	@Test
	void withoutAnEndpointTheKeyAloneCounts() {
		this.contextRunner.withPropertyValues("aki.io.endpoint=").run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(this.emulator.requests()).hasSize(1);
		});
	}

	@Test
	void withoutAKeyItIsUnknownAndNothingIsAsked() {
		this.contextRunner.withPropertyValues("aki.io.api-key=").run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(health(context).getDetails().get("error").toString()).contains("There is no API key");
			assertThat(this.emulator.requests()).isEmpty();
		});
	}

	@Test
	void clientThatIsNotADefaultCandidateDoesNotCount() {
		this.contextRunner.withUserConfiguration(SpecialClient.class).run((context) -> {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(this.emulator.requests()).extracting(AkiEmulatorRequest::path)
				.doesNotContain("/api/endpoints/z_image_turbo");
		});
	}

	@Test
	void severalDefaultCandidatesHaveAComponentEach() {
		this.contextRunner.withUserConfiguration(SeveralClients.class).run((context) -> {
			CompositeHealthDescriptor health = (CompositeHealthDescriptor) context.getBean(HealthEndpoint.class)
				.healthForPath("aki");
			assertThat(health.getComponents()).containsOnlyKeys("imageClient", "brokenClient");
			assertThat(health.getComponents().get("imageClient").getStatus()).isEqualTo(Status.UP);
			assertThat(health.getComponents().get("brokenClient").getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(this.emulator.requests()).extracting(AkiEmulatorRequest::path)
				.contains("/api/endpoints/z_image_turbo");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class SpecialClient {

		@Bean(defaultCandidate = false)
		AkiClient imageClient(AkiClient.Builder builder) {
			return builder.endpoint("z_image_turbo").apiKey("wrong-key").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralClients {

		@Bean
		AkiClient imageClient(AkiClient.Builder builder) {
			return builder.endpoint("z_image_turbo").build();
		}

		@Bean
		AkiClient brokenClient(AkiClient.Builder builder) {
			return builder.apiKey("wrong-key").build();
		}

	}

	@Test
	void readinessMayIncludeIt() {
		this.contextRunner.withPropertyValues("management.endpoint.health.group.readiness.include=aki")
			.run((context) -> assertThat(context.getBean(HealthEndpoint.class).healthForPath("readiness").getStatus())
				.isEqualTo(Status.UP));
	}

	@Test
	void propertySwitchesItOff() {
		this.contextRunner.withPropertyValues("management.health.aki.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("akiHealthContributor"));
	}

	@Test
	void indicatorOfTheUserIsUsed() {
		this.contextRunner.withBean("akiHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).doesNotHaveBean("akiHealthContributor"));
	}

	@Test
	void backsOffWithoutTheClientOrTheModule() {
		this.contextRunner.withPropertyValues("aki.io.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("akiHealthContributor"));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
					AkiHealthContributorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(ConditionalOnEnabledHealthIndicator.class))
			.run((context) -> assertThat(context).hasSingleBean(AkiClient.class)
				.doesNotHaveBean("akiHealthContributor"));
	}

	private static Health health(ApplicationContext context) {
		return context.getBean("akiHealthContributor", HealthIndicator.class).health();
	}

}
