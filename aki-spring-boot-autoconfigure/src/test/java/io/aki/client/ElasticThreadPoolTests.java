package io.aki.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ElasticThreadPool}.
 */
@Timeout(30)
class ElasticThreadPoolTests {

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final ElasticThreadPool pool = new ElasticThreadPool("test", 2, 40, false, this.timer);

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.release.countDown();
		this.pool.shutdownNow(1000);
		this.timer.shutdownNow();
	}

	private void block(CountDownLatch started) {
		started.countDown();
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void tasksThatBlockGetMoreThreadsUpToTheLimit() throws Exception {
		CountDownLatch started = new CountDownLatch(40);
		for (int i = 0; i < 60; i++) {
			this.pool.execute(() -> block(started));
		}
		started.await();
		assertThat(this.pool.size()).isEqualTo(40);
	}

	@Test
	void shortTasksUseFewThreads() throws Exception {
		CountDownLatch done = new CountDownLatch(10_000);
		Queue<Thread> threads = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 10_000; i++) {
			this.pool.execute(() -> {
				if (!threads.contains(Thread.currentThread())) {
					threads.add(Thread.currentThread());
				}
				done.countDown();
			});
		}
		done.await();
		assertThat(threads.stream().distinct()).hasSizeLessThan(40);
	}

	@Test
	void thePoolShrinksWhenTasksNoLongerWaitAlthoughAllThreadsStillGetTasks() throws Exception {
		CountDownLatch started = new CountDownLatch(30);
		for (int i = 0; i < 30; i++) {
			this.pool.execute(() -> block(started));
		}
		started.await();
		assertThat(this.pool.size()).isGreaterThanOrEqualTo(30);
		this.release.countDown();
		while (this.pool.size() > 2) {
			CountDownLatch next = new CountDownLatch(1);
			this.pool.execute(next::countDown);
			next.await();
		}
		assertThat(this.pool.size()).isEqualTo(2);
	}

	@Test
	void urgentTasksRunFirst() throws Exception {
		CountDownLatch started = new CountDownLatch(2);
		ElasticThreadPool two = new ElasticThreadPool("test", 2, 2, false, this.timer);
		two.execute(() -> block(started));
		two.execute(() -> block(started));
		started.await();
		AtomicInteger order = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(20);
		AtomicInteger urgent = new AtomicInteger();
		for (int i = 0; i < 20; i++) {
			two.execute(() -> {
				order.incrementAndGet();
				done.countDown();
			});
		}
		two.executeFirst(() -> urgent.set(order.get() + 1));
		this.release.countDown();
		done.await();
		// the other thread may take one task meanwhile
		assertThat(urgent.get()).isBetween(1, 2);
		two.shutdownNow(1000);
	}

	@Test
	void shuttingDownInATaskInterruptsTheOthersAlone() throws Exception {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		this.pool.execute(() -> {
			blocked.countDown();
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		});
		blocked.await();
		Queue<Boolean> self = new ConcurrentLinkedQueue<>();
		CountDownLatch done = new CountDownLatch(1);
		this.pool.execute(() -> {
			this.pool.shutdownNow(0);
			self.add(Thread.currentThread().isInterrupted());
			done.countDown();
		});
		done.await();
		interrupted.await();
		assertThat(self).containsExactly(false);
	}

}
