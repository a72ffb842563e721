package io.aki.spring.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiStartRequest;
import io.aki.client.AkiTaskRejectedException;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link AkiRequestGuardAutoConfiguration}.
 */
@Timeout(60)
class AkiRequestGuardAutoConfigurationTests {

	private static final Map<String, Object> QUESTION = Map.of("prompt_input", "Tell me a joke");

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(100).build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiRequestGuardAutoConfiguration.class,
				AkiObservationAutoConfiguration.class, AkiAsyncAutoConfiguration.class,
				RestClientAutoConfiguration.class, MetricsAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(),
				"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=llama3_8b_chat",
				"aki.io.progress-interval=5ms");

	@AfterEach
	void forgetTheUser() {
		SecurityContextHolder.clearContext();
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void guardsAreAskedInOrderAndTheLimitsLast() {
		this.contextRunner.withUserConfiguration(TwoGuards.class)
			.withPropertyValues("aki.io.limits.default.starts-per-minute=1")
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				TwoGuards guards = context.getBean(TwoGuards.class);
				assertThat(catchThrowable(() -> client.doApiRequest(QUESTION))).hasMessageContaining("second");
				assertThat(guards.asked).containsExactly("first", "second");
				guards.refusing = false;
				client.doApiRequest(QUESTION).orThrow();
				assertThat(catchThrowable(() -> client.doApiRequest(QUESTION)))
					.hasMessageContaining("no more than 1 requests may start within 60 s");
				assertThat(refused(context.getBean(MeterRegistry.class), "default", "starts-per-minute")).isEqualTo(1);
			});
	}

	@Test
	void runningJobsAreLimitedForAllClientsOfTheBuilder() {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		this.contextRunner.withPropertyValues("aki.io.limits[llama3_8b_chat].max-jobs=1").run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			var job = client.doApiRequestAsync(QUESTION);
			try (AkiClient other = context.getBean(AkiClient.Builder.class).build()) {
				assertThatExceptionOfType(AkiRequestRefusedException.class)
					.isThrownBy(() -> other.doApiRequest(QUESTION));
				other.forEndpoint("z_image_turbo").doApiRequest(Map.of("prompt", "a hill")).orThrow();
				job.cancel();
				job.result().get(30, TimeUnit.SECONDS);
				other.doApiRequest(QUESTION).orThrow();
			}
			assertThat(refused(context.getBean(MeterRegistry.class), "llama3_8b_chat", "max-jobs")).isEqualTo(1);
		});
	}

	@Test
	void requestsThatAnotherGuardRefusesAreNotCounted() {
		AtomicBoolean refusing = new AtomicBoolean(true);
		this.contextRunner.withPropertyValues("aki.io.limits.default.starts-per-minute=1")
			.withBean(AkiClientCustomizer.class, () -> (builder) -> builder.requestGuard((request) -> {
				if (refusing.get()) {
					throw new AkiRequestRefusedException(request.endpoint(), "No budget left");
				}
			}))
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				for (int i = 0; i < 3; i++) {
					assertThat(catchThrowable(() -> client.doApiRequest(QUESTION)))
						.hasMessageContaining("No budget left");
				}
				refusing.set(false);
				client.doApiRequest(QUESTION).orThrow();
			});
	}

	@Test
	void requestsThatAreNotSentAreNotCounted() {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		this.contextRunner
			.withPropertyValues("aki.io.limits.default.starts-per-minute=2", "aki.io.concurrency.max-jobs=1")
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				var job = client.doApiRequestAsync(QUESTION);
				for (int i = 0; i < 3; i++) {
					assertThatExceptionOfType(AkiTaskRejectedException.class)
						.isThrownBy(() -> client.doApiRequestAsync(QUESTION));
				}
				job.cancel();
				job.result().get(30, TimeUnit.SECONDS);
				// waits on the server, which the fault does not affect
				client.doApiRequest(QUESTION).orThrow();
			});
	}

	@Test
	void requestsWithoutAKeyAreNotCounted() {
		List<AkiStartRequest> asked = new CopyOnWriteArrayList<>();
		this.contextRunner.withPropertyValues("aki.io.api-key=")
			.withBean(AkiRequestGuard.class, () -> asked::add)
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				assertThat(catchThrowable(() -> client.doApiRequest(QUESTION))).hasMessageContaining("aki.io.api-key");
				assertThat(catchThrowable(() -> client.doApiRequestAwait(QUESTION)))
					.hasMessageContaining("aki.io.api-key");
				assertThat(asked).isEmpty();
			});
	}

	@Test
	void guardCanUseAClientWithoutItself() {
		AtomicReference<AkiClient> client = new AtomicReference<>();
		AkiRequestGuard moderation = new AkiRequestGuard() {

			@Override
			public void beforeStart(AkiStartRequest request) {
				client.get()
					.mutate()
					.requestGuards((guards) -> guards.remove(this))
					.build()
					.doApiRequest(QUESTION)
					.orThrow();
			}

		};
		this.contextRunner.withBean(AkiRequestGuard.class, () -> moderation).run((context) -> {
			client.set(context.getBean(AkiClient.class));
			client.get().doApiRequest(QUESTION).orThrow();
			assertThat(this.emulator.jobs()).hasSize(2);
		});
	}

	@Test
	void noBeanIsAFunction() {
		this.contextRunner.run((context) -> assertThat(context).as("Spring Cloud Function uses each such bean")
			.doesNotHaveBean(Supplier.class)
			.doesNotHaveBean(Function.class)
			.doesNotHaveBean(Consumer.class));
	}

	@Test
	void requestThatHasEndedHasNoUser() {
		MockHttpServletRequest ended = new MockHttpServletRequest() {

			@Override
			public Principal getUserPrincipal() {
				throw new IllegalStateException("The request object has been recycled");
			}

		};
		this.contextRunner.withBean(RecordingGuard.class).run((context) -> {
			RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(ended));
			assertThat(user(context.getBean(AkiClient.class), context.getBean(RecordingGuard.class))).isNull();
		});
	}

	private static double refused(MeterRegistry registry, String entry, String limit) {
		return registry.get("aki.client.requests.refused").tag("entry", entry).tag("limit", limit).counter().count();
	}

	@ParameterizedTest
	@ValueSource(strings = { "llama3_8b_chat", "\"[llama3_8b_chat]\"", "llama3-8b-chat", "default" })
	void nameOfTheEndpointCanBeWrittenInYaml(String name) {
		String yaml = "aki.io.limits:\n  " + name + ":\n    starts-per-minute: 1\n";
		this.contextRunner.withInitializer((context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addFirst);
			}
			catch (java.io.IOException ex) {
				throw new java.io.UncheckedIOException(ex);
			}
		}).run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			client.doApiRequest(QUESTION).orThrow();
			assertThatExceptionOfType(AkiRequestRefusedException.class).isThrownBy(() -> client.doApiRequest(QUESTION));
		});
	}

	@Test
	void nameOfTheEndpointCanBeAnEnvironmentVariable() {
		this.contextRunner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new org.springframework.core.env.SystemEnvironmentPropertySource("systemEnvironment",
						Map.of("AKI_IO_LIMITS_DEFAULT_STARTSPERMINUTE", "1"))))
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				client.doApiRequest(QUESTION).orThrow();
				assertThatExceptionOfType(AkiRequestRefusedException.class)
					.isThrownBy(() -> client.doApiRequest(QUESTION));
			});
	}

	@ParameterizedTest
	@CsvSource({ "aki.io.limits.default.max-jobs,0", "aki.io.limits[llama3_8b_chat].starts-per-minute,-1" })
	void limitBelowOneEndsTheStart(String property, int value) {
		this.contextRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(property)
				.hasMessageContaining("It must be at least 1"));
	}

	@Test
	void clientWithoutGuardsAndLimitsHasNone() {
		this.contextRunner.run((context) -> {
			List<AkiRequestGuard> guards = new ArrayList<>();
			context.getBean(AkiClient.Builder.class).requestGuards(guards::addAll);
			assertThat(guards).isEmpty();
		});
	}

	@Test
	void principalIsTheAuthenticationOfSpringSecurity() {
		this.contextRunner.withBean(RecordingGuard.class).run((context) -> {
			request(() -> "of the request");
			SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", "", "USER"));
			assertThat(user(context.getBean(AkiClient.class), context.getBean(RecordingGuard.class)))
				.isSameAs(SecurityContextHolder.getContext().getAuthentication());
		});
	}

	@Test
	void anonymousUserIsNoPrincipal() {
		this.contextRunner.withBean(RecordingGuard.class).run((context) -> {
			SecurityContextHolder.getContext()
				.setAuthentication(new AnonymousAuthenticationToken("x", "anonymousUser",
						AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS")));
			assertThat(user(context.getBean(AkiClient.class), context.getBean(RecordingGuard.class))).isNull();
		});
	}

	@Test
	void principalIsTheUserOfTheServletRequest() {
		this.contextRunner.withBean(RecordingGuard.class).run((context) -> {
			Principal user = () -> "of the request";
			request(user);
			assertThat(user(context.getBean(AkiClient.class), context.getBean(RecordingGuard.class))).isSameAs(user);
		});
	}

	@Test
	void principalIsNotKnownWithoutSpringSecurityAndServlets() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.springframework.security", "jakarta.servlet"))
			.withBean(RecordingGuard.class)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(AkiPrincipal.Source.class);
				assertThat(user(context.getBean(AkiClient.class), context.getBean(RecordingGuard.class))).isNull();
			});
	}

	@Test
	void customizerOfTheUserSetsThePrincipal() {
		Principal user = () -> "own";
		this.contextRunner.withBean(RecordingGuard.class)
			.withBean(AkiClientCustomizer.class, () -> (builder) -> builder.principal(() -> user))
			.run((context) -> assertThat(user(context.getBean(AkiClient.class), context.getBean(RecordingGuard.class)))
				.isSameAs(user));
	}

	@Test
	void asyncClientHasTheUserOfTheThreadThatSubmitted() {
		this.contextRunner.withPropertyValues("aki.io.async.enabled=true")
			.withBean(RecordingGuard.class)
			.run((context) -> {
				RecordingGuard guard = context.getBean(RecordingGuard.class);
				AkiAsyncClient client = context.getBean(AkiAsyncClient.class);
				SecurityContextHolder.getContext()
					.setAuthentication(new TestingAuthenticationToken("alice", "", "USER"));
				client.doApiRequestAwait(QUESTION).get(30, TimeUnit.SECONDS).orThrow();
				SecurityContextHolder.clearContext();
				client.doApiRequestAwait(QUESTION).get(30, TimeUnit.SECONDS).orThrow();
				assertThat(guard.users).extracting((user) -> (user != null) ? user.getName() : null)
					.containsExactly("alice", null);
			});
	}

	@Test
	void futureOfTheAsyncClientFailsIfAGuardRefuses() {
		this.contextRunner.withPropertyValues("aki.io.async.enabled=true")
			.withBean(AkiRequestGuard.class, () -> (request) -> {
				throw new AkiRequestRefusedException(request.endpoint(), "No budget left");
			})
			.run((context) -> {
				assertThat(context.getBean(AkiAsyncClient.class).doApiRequestAwait(QUESTION))
					.failsWithin(java.time.Duration.ofSeconds(30))
					.withThrowableThat()
					.withCauseInstanceOf(AkiRequestRefusedException.class);
				assertThat(this.emulator.requests()).isEmpty();
			});
	}

	private static void request(Principal user) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setUserPrincipal(user);
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
	}

	private static @Nullable Principal user(AkiClient client, RecordingGuard guard) {
		client.doApiRequest(QUESTION).orThrow();
		assertThat(guard.users).hasSize(1);
		return guard.users.get(0);
	}

	static class RecordingGuard implements AkiRequestGuard {

		private final List<@Nullable Principal> users = new CopyOnWriteArrayList<>();

		@Override
		public void beforeStart(AkiStartRequest request) {
			this.users.add(request.principal());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoGuards {

		final List<String> asked = new ArrayList<>();

		boolean refusing = true;

		@Bean
		@Order(2)
		AkiRequestGuard second() {
			return (request) -> {
				this.asked.add("second");
				if (this.refusing) {
					throw new AkiRequestRefusedException(request.endpoint(), "second");
				}
			};
		}

		@Bean
		@Order(1)
		AkiRequestGuard first() {
			return (request) -> this.asked.add("first");
		}

	}

}
