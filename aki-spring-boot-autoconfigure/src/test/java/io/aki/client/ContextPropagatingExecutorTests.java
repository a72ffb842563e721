package io.aki.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.task.TaskDecorator;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContextPropagatingExecutor}.
 */
@Timeout(60)
class ContextPropagatingExecutorTests {

	/**
	 * The callback, the last delivery to subscribers, and the actions that depend on the
	 * result.
	 */
	private static final int AT_ONCE = 3;

	private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

	@AfterEach
	void stop() {
		SecurityContextHolder.clearContext();
		this.threads.shutdownNow();
	}

	@Test
	void userIsSeenAtOnceInSeveralThreadsAndStaysInNone() throws Exception {
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", "none"));
		ContextPropagatingExecutor executor = new ContextPropagatingExecutor(this.threads,
				DelegatingSecurityContextRunnable::new);
		for (int round = 0; round < 3; round++) {
			assertThat(runAtOnce((task) -> executor.execute(task))).hasSize(AT_ONCE).containsOnly("alice");
			assertThat(runAtOnce(this.threads::execute)).hasSize(AT_ONCE).containsOnly("nobody");
		}
	}

	/**
	 * Run as many actions as there are threads, and return the user that each action
	 * sees. All actions run at the same time. They may end in a different order than they
	 * started.
	 */
	private List<String> runAtOnce(Executor executor) throws Exception {
		CyclicBarrier together = new CyclicBarrier(AT_ONCE);
		List<CompletableFuture<String>> users = new ArrayList<>();
		for (int i = 0; i < AT_ONCE; i++) {
			var user = new CompletableFuture<String>();
			users.add(user);
			executor.execute(() -> {
				try {
					together.await(30, TimeUnit.SECONDS);
					user.complete(user());
				}
				catch (Exception ex) {
					user.completeExceptionally(ex);
				}
			});
		}
		List<String> names = new ArrayList<>();
		for (var user : users) {
			names.add(user.get(30, TimeUnit.SECONDS));
		}
		return names;
	}

	private static String user() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		return (authentication != null) ? authentication.getName() : "nobody";
	}

	@Test
	void noTaskOfADecoratorIsRunByTwoThreadsAtOnce() throws Exception {
		AtomicInteger twice = new AtomicInteger();
		TaskDecorator decorator = (task) -> {
			AtomicInteger running = new AtomicInteger();
			return () -> {
				if (running.getAndIncrement() > 0) {
					twice.incrementAndGet();
				}
				task.run();
				running.decrementAndGet();
			};
		};
		ContextPropagatingExecutor executor = new ContextPropagatingExecutor(this.threads, decorator);
		runAtOnce(executor);
		runAtOnce(executor);
		assertThat(twice).hasValue(0);
	}

	@Test
	void actionsOneAfterTheOtherHaveTheContextHoweverMany() throws Exception {
		SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", "none"));
		ContextPropagatingExecutor executor = new ContextPropagatingExecutor(this.threads,
				DelegatingSecurityContextRunnable::new);
		for (int i = 0; i < 20; i++) {
			CountDownLatch done = new CountDownLatch(1);
			List<String> users = new ArrayList<>();
			executor.execute(() -> {
				users.add(user());
				done.countDown();
			});
			assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
			assertThat(users).containsExactly("alice");
		}
	}

}
