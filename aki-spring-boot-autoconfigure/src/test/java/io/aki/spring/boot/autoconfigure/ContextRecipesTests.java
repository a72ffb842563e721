package io.aki.spring.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.client.AkiProgress;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.MDC;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Runs the recipes of {@code docs/connections.md} for context propagation. They propagate
 * the user, the logging context and the trace from the start of a job to the threads that
 * run the job's code.
 */
@Timeout(60)
class ContextRecipesTests {

	private static final Map<String, ?> CHAT = Map.of("prompt_input", "hello");

	private static final Seen NOTHING = new Seen(null, null, null);

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().pace(100).build();

	private final ObservationRegistry observations = ObservationRegistry.create();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiAsyncAutoConfiguration.class,
				AkiObservationAutoConfiguration.class, RestClientAutoConfiguration.class,
				TaskExecutionAutoConfiguration.class))
		.withBean(ObservationRegistry.class, () -> this.observations)
		.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(),
				"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=llama3_8b_chat",
				"aki.io.progress-interval=5ms", "aki.io.async.enabled=true");

	ContextRecipesTests() {
		this.observations.observationConfig().observationHandler((context) -> true);
	}

	@AfterEach
	void forget() {
		ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
	}

	@Test
	void propagatedContextIsSeenEverywhere() {
		this.contextRunner.withUserConfiguration(PropagatedContext.class)
			.run((context) -> assertContextIsSeenEverywhere(context, "alice"));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void propagatedContextIsSeenEverywhereOnVirtualThreads() {
		this.contextRunner.withUserConfiguration(PropagatedContext.class)
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertContextIsSeenEverywhere(context, "alice"));
	}

	@Test
	void propertyOfSpringBootPropagatesTheContext() {
		assumeFalse(SpringBootVersion.getVersion().startsWith("4.0."), "the property is new in Spring Boot 4.1");
		this.contextRunner.withPropertyValues("spring.task.execution.propagate-context=true")
			.run((context) -> assertContextIsSeenEverywhere(context, null));
	}

	@SuppressWarnings("try")
	private void assertContextIsSeenEverywhere(ApplicationContext context, String loggedUser) throws Exception {
		AkiClient client = context.getBean(AkiClient.class);
		List<Seen> inCallbacks = new CopyOnWriteArrayList<>();
		CompletableFuture<Seen> afterTheResult;
		CompletableFuture<Seen> afterTheAsyncResult;
		RecordingSubscriber subscriber = new RecordingSubscriber(this);
		try (Caller caller = new Caller(this.observations, "alice")) {
			var job = client.doApiRequestAsync(CHAT, (info, data) -> inCallbacks.add(seen()));
			job.publisher().subscribe(subscriber);
			afterTheResult = job.result().thenApply((result) -> seen());
			afterTheAsyncResult = context.getBean(AkiAsyncClient.class)
				.doApiRequestAwait(CHAT, (info, data) -> inCallbacks.add(seen()))
				.thenApply((result) -> seen());
		}
		assertThat(afterTheResult.get(30, TimeUnit.SECONDS)).isEqualTo(new Seen("alice", loggedUser, "caller"));
		assertThat(afterTheAsyncResult.get(30, TimeUnit.SECONDS)).isEqualTo(new Seen("alice", loggedUser, "caller"));
		assertThat(inCallbacks).isNotEmpty()
			.containsOnly(new Seen("alice", loggedUser, "aki.client.request of caller"));
		assertThat(subscriber.completed.get(30, TimeUnit.SECONDS)).isEqualTo(new Seen("alice", loggedUser, "caller"));
		assertThat(seenWithoutContext(client)).containsOnly(new Seen(null, null, "aki.client.request"));
	}

	@Test
	@SuppressWarnings("try")
	void userReachesCallbacks() {
		this.contextRunner.withUserConfiguration(SignedInUser.class).run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			List<String> users = new CopyOnWriteArrayList<>();
			RecordingSubscriber subscriber = new RecordingSubscriber(this);
			CompletableFuture<AkiResult> result;
			try (Caller caller = new Caller(this.observations, "alice")) {
				var job = client.doApiRequestAsync(CHAT, (info, data) -> users.add(seen().user()));
				job.publisher().subscribe(subscriber);
				result = job.result().whenComplete((done, failure) -> users.add(seen().user()));
			}
			assertThat(result.get(30, TimeUnit.SECONDS).success()).isTrue();
			assertThat(subscriber.completed.get(30, TimeUnit.SECONDS).user()).isEqualTo("alice");
			assertThat(users).isNotEmpty().containsOnly("alice");
			assertThat(seenWithoutContext(client)).extracting(Seen::user).containsOnlyNulls();
		});
	}

	/**
	 * Return the context that the callbacks of a job see if the job was started without a
	 * context.
	 */
	private List<Seen> seenWithoutContext(AkiClient client) throws Exception {
		assertThat(seen()).isEqualTo(NOTHING);
		List<Seen> seen = new CopyOnWriteArrayList<>();
		client.doApiRequestAsync(CHAT, (info, data) -> seen.add(seen())).result().get(30, TimeUnit.SECONDS);
		assertThat(seen).isNotEmpty();
		return seen;
	}

	private Seen seen() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		Observation observation = this.observations.getCurrentObservation();
		return new Seen((authentication != null) ? authentication.getName() : null, MDC.get("user"),
				(observation != null) ? name(observation.getContextView()) : null);
	}

	private static String name(Observation.ContextView context) {
		var parent = context.getParentObservation();
		return context.getName() + ((parent != null) ? " of " + parent.getContextView().getName() : "");
	}

	// @formatter:off
	// tag::propagation[]
	@Configuration(proxyBeanMethods = false)
	static class PropagatedContext {

		@Bean
		TaskDecorator propagatedContext() {
			ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor("user"));
			return new ContextPropagatingTaskDecorator();
		}

	}
	// end::propagation[]
	// @formatter:on

	// @formatter:off
	// tag::security[]
	@Configuration(proxyBeanMethods = false)
	static class SignedInUser {

		@Bean
		TaskDecorator signedInUser() {
			return DelegatingSecurityContextRunnable::new;
		}

	}
	// end::security[]
	// @formatter:on

	/**
	 * The context of a thread.
	 *
	 * @param user the user who is signed in
	 * @param loggedUser the user in the logging context
	 * @param observation the current observation and its parent
	 */
	record Seen(String user, String loggedUser, String observation) {

	}

	/**
	 * A caller with a user, a logging context and an observation until it is closed.
	 */
	private static final class Caller implements AutoCloseable {

		private final Observation observation;

		private final Observation.Scope scope;

		Caller(ObservationRegistry observations, String user) {
			SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(user, "none"));
			MDC.put("user", user);
			this.observation = Observation.start("caller", observations);
			this.scope = this.observation.openScope();
		}

		@Override
		public void close() {
			this.scope.close();
			this.observation.stop();
			MDC.clear();
			SecurityContextHolder.clearContext();
		}

	}

	private static final class RecordingSubscriber implements Flow.Subscriber<AkiProgress> {

		private final ContextRecipesTests test;

		private final CompletableFuture<Seen> completed = new CompletableFuture<>();

		RecordingSubscriber(ContextRecipesTests test) {
			this.test = test;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(AkiProgress progress) {
		}

		@Override
		public void onError(Throwable failure) {
			this.completed.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.completed.complete(this.test.seen());
		}

	}

}
