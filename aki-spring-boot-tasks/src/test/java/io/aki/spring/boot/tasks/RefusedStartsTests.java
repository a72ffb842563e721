package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link RefusedStarts}.
 */
class RefusedStartsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);

	private final RefusedStarts refusals = new RefusedStarts(this.clock::get);

	private void pass(Duration duration) {
		this.clock.addAndGet(duration.toNanos());
	}

	private static TaskRow task(String endpoint, String owner) {
		return new TaskRow(new TaskKey("id", 1), endpoint, owner, AkiTaskState.PENDING, 0, null, null, false);
	}

	@Test
	void tasksOfTheSameOwnerWaitAfterARefusal() {
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
		this.refusals.refused(task("a", "alice"), HOUR);
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isFalse();
		assertThat(this.refusals.mayAsk(task("a", "bob"))).isTrue();
		assertThat(this.refusals.mayAsk(task("a", ""))).isTrue();
		assertThat(this.refusals.mayAsk(task("b", "alice"))).isTrue();
	}

	@Test
	void oneTaskAsksPerDelay() {
		this.refusals.refused(task("a", "alice"), HOUR);
		for (int i = 0; i < 3; i++) {
			pass(RefusedStarts.DELAY_MAX.minusNanos(1));
			assertThat(this.refusals.mayAsk(task("a", "alice"))).isFalse();
			pass(Duration.ofNanos(1));
			assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
			assertThat(this.refusals.mayAsk(task("a", "alice"))).as("another one, before there is an answer").isFalse();
			this.refusals.refused(task("a", "alice"), HOUR);
		}
	}

	@Test
	void shorterDelayOfTheGuardApplies() {
		this.refusals.refused(task("a", "alice"), Duration.ofMillis(10));
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isFalse();
		pass(Duration.ofMillis(10));
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
	}

	@Test
	void veryLongDelayOfTheGuardIsLimited() {
		this.refusals.refused(task("a", "alice"), Duration.ofSeconds(Long.MAX_VALUE));
		pass(RefusedStarts.DELAY_MAX);
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
	}

	@Test
	void allTasksAskAfterOneWasAllowed() {
		this.refusals.refused(task("a", "alice"), HOUR);
		pass(RefusedStarts.DELAY_MAX);
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
		this.refusals.allowed(task("a", "alice"));
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
	}

	@Test
	void allTasksOfTheEndpointAskAfterAJobHasEnded() {
		this.refusals.refused(task("a", "alice"), HOUR);
		this.refusals.refused(task("b", "alice"), HOUR);
		this.refusals.ended("a");
		assertThat(this.refusals.mayAsk(task("a", "alice"))).isTrue();
		assertThat(this.refusals.mayAsk(task("b", "alice"))).isFalse();
	}

	@Test
	void noTaskOfTheEndpointAsksWhileManyOwnersAreRefused() {
		for (int i = 0; i < RefusedStarts.OWNERS_MAX; i++) {
			assertThat(this.refusals.mayAsk(task("a", "another"))).isTrue();
			this.refusals.refused(task("a", "owner-" + i), HOUR);
		}
		assertThat(this.refusals.mayAsk(task("a", "another"))).isFalse();
		assertThat(this.refusals.mayAsk(task("b", "another"))).isTrue();
		pass(RefusedStarts.DELAY_MAX);
		int asking = 0;
		for (int i = 0; i < RefusedStarts.OWNERS_MAX; i++) {
			asking += this.refusals.mayAsk(task("a", "owner-" + i)) ? 1 : 0;
		}
		assertThat(asking).isEqualTo(RefusedStarts.OWNERS_MAX);
		assertThat(this.refusals.mayAsk(task("a", "another"))).isFalse();
	}

}
