package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiAsyncAutoConfiguration}.
 */
@Timeout(60)
class AkiAsyncAutoConfigurationTests {

	private static final String CHAT = "llama3_8b_chat";

	private static final String VIRTUAL = "spring.threads.virtual.enabled=true";

	private AkiEmulator emulator;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void start() {
		this.emulator = AkiEmulator.builder().pace(100).seed(1).workers(CHAT, 2).build();
		this.contextRunner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiAsyncAutoConfiguration.class,
					RestClientAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
			.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(),
					"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=" + CHAT,
					"aki.io.progress-interval=5ms", "aki.io.async.enabled=true",
					"aki.io.async.await-termination-period=0");
	}

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	@Test
	void isOffByDefault() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiAsyncAutoConfiguration.class))
			.run((context) -> {
				assertThat(context).hasSingleBean(AkiClient.class).doesNotHaveBean(AkiAsyncClient.class);
				assertThat(context).doesNotHaveBean(AkiAsyncAutoConfiguration.EXECUTOR);
			});
	}

	@Test
	void futureCompletesWithTheResult() {
		this.contextRunner.run((context) -> {
			AkiResult result = get(client(context).doApiRequestAwait(chat("hello")));
			assertThat(result.error()).isNull();
			assertThat(result.text()).isNotBlank();
		});
	}

	@Test
	void callbackReceivesTheProgress() {
		this.contextRunner.run((context) -> {
			List<String> states = new CopyOnWriteArrayList<>();
			get(client(context).doApiRequestAwait(chat("hello"), (info, data) -> states.add(info.serverState())));
			assertThat(states).startsWith("queued");
		});
	}

	@Test
	void callRunsOnAThreadOfTheExecutor() {
		AtomicReference<String> thread = new AtomicReference<>();
		this.contextRunner.withPropertyValues("aki.io.async.thread-name-prefix=of-aki-")
			.withBean(AkiClientCustomizer.class, () -> (builder) -> builder.apiKey(() -> {
				thread.compareAndSet(null, Thread.currentThread().getName());
				return this.emulator.apiKey();
			}))
			.run((context) -> {
				get(client(context).doApiRequestAwait(chat("hello")));
				assertThat(thread.get()).startsWith("of-aki-");
			});
	}

	@Test
	void viewCallsAnotherEndpointOnTheSameExecutor() {
		AtomicReference<String> thread = new AtomicReference<>();
		this.contextRunner.withBean(AkiClientCustomizer.class, () -> (builder) -> builder.apiKey(() -> {
			thread.compareAndSet(null, Thread.currentThread().getName());
			return this.emulator.apiKey();
		})).run((context) -> {
			AkiResult image = get(client(context).forEndpoint("z_image_turbo")
				.doApiRequestAwait(Map.of("prompt", "a hill", "width", 128, "height", 128)));
			assertThat(image.images()).hasSize(1);
			assertThat(thread.get()).startsWith("aki-async-");
		});
	}

	@Test
	void failureIsAnAnswer() {
		this.contextRunner.run((context) -> {
			AkiResult result = get(client(context).doApiRequestAwait(Map.of("unknown", 1)));
			assertThat(result.success()).isFalse();
			assertThat(result.errorCode()).isEqualTo(400);
		});
	}

	@Test
	void failureIsTheExceptionItselfWhereExceptionsAreRaised() {
		this.contextRunner.withPropertyValues("aki.io.raise-exceptions=true")
			.run((context) -> assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> get(client(context).doApiRequestAwait(Map.of("unknown", 1))))
				.withCauseExactlyInstanceOf(AkiBadRequestException.class));
	}

	@Test
	void callBeyondTheQueueIsRejectedAtOnce() {
		this.contextRunner
			.withPropertyValues("aki.io.async.core-size=1", "aki.io.async.max-size=1", "aki.io.async.queue-capacity=1")
			.run((context) -> {
				CompletableFuture<AkiResult> running = hangs(context);
				CompletableFuture<AkiResult> queued = client(context).doApiRequestAwait(chat("HANG"));
				assertThatExceptionOfType(TaskRejectedException.class)
					.isThrownBy(() -> client(context).doApiRequestAwait(chat("hello")))
					.withMessageStartingWith("Too many AKI.IO requests at the same time")
					.withMessageContaining("aki.io.async.queue-capacity");
				assertThat(running).isNotDone();
				assertThat(queued).isNotDone();
			});
	}

	@Test
	void cancelingTheFutureCancelsTheRunningJob() {
		this.contextRunner.run((context) -> {
			CompletableFuture<AkiResult> running = hangs(context);
			assertThat(running.cancel(true)).isTrue();
			awaitState("canceled");
		});
	}

	@Test
	void cancelingTheFutureOfAViewCancelsTheRunningJob() {
		this.contextRunner.withPropertyValues("aki.io.endpoint=xttsv2").run((context) -> {
			CompletableFuture<AkiResult> running = client(context).forEndpoint(CHAT).doApiRequestAwait(chat("HANG"));
			awaitState("processing");
			running.cancel(false);
			awaitState("canceled");
		});
	}

	@Test
	void canceledCallThatWaitedIsNeverSentAndMakesRoom() {
		this.contextRunner
			.withPropertyValues("aki.io.async.core-size=1", "aki.io.async.max-size=1", "aki.io.async.queue-capacity=1")
			.run((context) -> {
				CompletableFuture<AkiResult> running = hangs(context);
				CompletableFuture<AkiResult> queued = client(context).doApiRequestAwait(chat("never sent"));
				queued.cancel(true);
				CompletableFuture<AkiResult> next = client(context).doApiRequestAwait(chat("sent"));
				running.cancel(true);
				assertThat(get(next).error()).isNull();
				assertThat(this.emulator.requests()).noneMatch((request) -> request.rawBody().contains("never sent"))
					.anyMatch((request) -> request.rawBody().contains("sent"));
				assertThat(queued).isCancelled();
			});
	}

	@Test
	void executorHasTheSizesOfTheProperties() {
		this.contextRunner
			.withPropertyValues("aki.io.async.core-size=3", "aki.io.async.max-size=5", "aki.io.async.queue-capacity=7",
					"aki.io.async.keep-alive=9")
			.run((context) -> {
				ThreadPoolTaskExecutor executor = context.getBean(AkiAsyncAutoConfiguration.EXECUTOR,
						ThreadPoolTaskExecutor.class);
				assertThat(executor.getCorePoolSize()).isEqualTo(3);
				assertThat(executor.getMaxPoolSize()).isEqualTo(5);
				assertThat(executor.getQueueCapacity()).isEqualTo(7);
				assertThat(executor.getKeepAliveSeconds()).isEqualTo(9);
			});
	}

	@Test
	void bootsExecutorIsStillTheOneThatIsInjected() {
		this.contextRunner.withUserConfiguration(UsersExecutor.class).run((context) -> {
			assertThat(context).hasBean("applicationTaskExecutor").hasBean(AkiAsyncAutoConfiguration.EXECUTOR);
			UsersExecutor users = context.getBean(UsersExecutor.class);
			assertThat(users.executor).isSameAs(context.getBean("applicationTaskExecutor"));
			assertThat(users.asyncTaskExecutor).isSameAs(context.getBean("applicationTaskExecutor"));
		});
	}

	@Test
	void dormantMethodsOfTheUserStayDormant() {
		this.contextRunner.withUserConfiguration(UsersService.class)
			.run((context) -> assertThat(get(context.getBean(UsersService.class).thread()))
				.isEqualTo(Thread.currentThread().getName()));
	}

	@Test
	void methodsOfTheUserRunOnTheUsersExecutor() {
		this.contextRunner.withUserConfiguration(UsersAsync.class, UsersService.class)
			.run((context) -> assertThat(get(context.getBean(UsersService.class).thread())).startsWith("task-"));
	}

	@Test
	void ourMethodsDoNotRunOnTheUsersExecutorToo() {
		this.contextRunner.withUserConfiguration(UsersAsync.class).run((context) -> {
			ThreadPoolTaskExecutor users = context.getBean("applicationTaskExecutor", ThreadPoolTaskExecutor.class);
			get(client(context).doApiRequestAwait(chat("hello")));
			assertThat(users.getThreadPoolExecutor().getTaskCount()).isZero();
		});
	}

	@Test
	void backsOffBeforeAUsersExecutor() {
		this.contextRunner
			.withBean(AkiAsyncAutoConfiguration.EXECUTOR, SimpleAsyncTaskExecutor.class,
					() -> new SimpleAsyncTaskExecutor("users-"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(AkiAsyncAutoConfiguration.ExecutorConfiguration.class);
				assertThat(context.getBean(AkiAsyncAutoConfiguration.EXECUTOR))
					.isInstanceOf(SimpleAsyncTaskExecutor.class);
				assertThat(get(client(context).doApiRequestAwait(chat("hello"))).error()).isNull();
			});
	}

	@Test
	void backsOffBeforeAUsersClient() {
		AkiAsyncClient users = new DefaultAkiAsyncClient(AkiClient.builder().build(), new SimpleAsyncTaskExecutor(),
				null, new AkiPrincipal(java.util.List.of()));
		this.contextRunner.withBean(AkiAsyncClient.class, () -> users)
			.run((context) -> assertThat(context.getBean(AkiAsyncClient.class)).isSameAs(users));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "0.1" })
	void jobsThatOutlastTheAwaitPeriodAreCanceled(String period) {
		assertJobsAreCanceledAtTheEnd("aki.io.async.await-termination-period=" + period);
	}

	@EnabledForJreRange(min = JRE.JAVA_21)
	@ParameterizedTest
	@ValueSource(strings = { "0", "0.1" })
	void jobsOnVirtualThreadsThatOutlastTheAwaitPeriodAreCanceled(String period) {
		assertJobsAreCanceledAtTheEnd("aki.io.async.await-termination-period=" + period, VIRTUAL);
	}

	private void assertJobsAreCanceledAtTheEnd(String... properties) {
		AtomicReference<CompletableFuture<AkiResult>> running = new AtomicReference<>();
		AtomicReference<Long> closing = new AtomicReference<>();
		this.contextRunner.withPropertyValues("aki.io.async.thread-name-prefix=ends-")
			.withPropertyValues(properties)
			.run((context) -> {
				running.set(hangs(context));
				closing.set(System.nanoTime());
			});
		assertThat(Duration.ofNanos(System.nanoTime() - closing.get())).isLessThan(Duration.ofSeconds(10));
		awaitState("canceled");
		Awaitility.await().untilAsserted(() -> assertThat(running.get()).isDone());
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith("ends-")));
	}

	@Test
	void callThatEndsWithinTheAwaitPeriodIsCompleted() {
		assertCallIsCompletedAtTheEnd();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void callOnAVirtualThreadThatEndsWithinTheAwaitPeriodIsCompleted() {
		assertCallIsCompletedAtTheEnd(VIRTUAL);
	}

	/**
	 * Assert that a running call is completed when the context closes. The callback
	 * reports that the job runs, and then the context starts to close.
	 */
	private void assertCallIsCompletedAtTheEnd(String... properties) {
		AtomicReference<CompletableFuture<AkiResult>> running = new AtomicReference<>();
		this.contextRunner.withPropertyValues("aki.io.async.await-termination-period=30")
			.withPropertyValues(properties)
			.run((context) -> {
				CompletableFuture<Void> accepted = new CompletableFuture<>();
				running.set(client(context).doApiRequestAwait(chat("hello"), (info, data) -> accepted.complete(null)));
				get(accepted);
			});
		assertThat(running.get()).isCompletedWithValueMatching(AkiResult::success);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void threadsAreVirtualWhereTheApplicationsAre() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		this.contextRunner.withPropertyValues(VIRTUAL)
			.withBean(AkiClientCustomizer.class, () -> (builder) -> builder.apiKey(() -> {
				thread.compareAndSet(null, Thread.currentThread());
				return this.emulator.apiKey();
			}))
			.run((context) -> {
				get(client(context).doApiRequestAwait(chat("hello")));
				assertThat(thread.get().getName()).startsWith("aki-async-");
				assertThat(Thread.class.getMethod("isVirtual").invoke(thread.get())).isEqualTo(true);
			});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsAreBoundedToo() {
		this.contextRunner
			.withPropertyValues(VIRTUAL, "aki.io.async.core-size=1", "aki.io.async.max-size=1",
					"aki.io.async.queue-capacity=0")
			.run((context) -> {
				CompletableFuture<AkiResult> running = hangs(context);
				assertThatExceptionOfType(TaskRejectedException.class)
					.isThrownBy(() -> client(context).doApiRequestAwait(chat("hello")))
					.withMessageStartingWith("Too many AKI.IO requests at the same time");
				running.cancel(true);
				awaitState("canceled");
			});
	}

	@Test
	void futureThatWasCanceledSaysSo() {
		this.contextRunner.run((context) -> {
			CompletableFuture<AkiResult> running = hangs(context);
			running.cancel(true);
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(running));
		});
	}

	private CompletableFuture<AkiResult> hangs(ApplicationContext context) {
		CompletableFuture<AkiResult> running = client(context).doApiRequestAwait(chat("HANG"));
		awaitState("processing");
		return running;
	}

	private void awaitState(String state) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(
					() -> assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::state).containsExactly(state));
	}

	private static AkiAsyncClient client(ApplicationContext context) {
		return context.getBean(AkiAsyncClient.class);
	}

	private static Map<String, Object> chat(String prompt) {
		return Map.of("chat_context", List.of(Map.of("role", "user", "content", prompt)));
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(30, TimeUnit.SECONDS);
	}

	@Configuration(proxyBeanMethods = false)
	static class UsersExecutor {

		@Autowired
		private Executor executor;

		@Autowired
		private AsyncTaskExecutor asyncTaskExecutor;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class UsersAsync {

		@Bean
		String users() {
			return "users";
		}

	}

	static class UsersService {

		@Async
		CompletableFuture<String> thread() {
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

	}

}
