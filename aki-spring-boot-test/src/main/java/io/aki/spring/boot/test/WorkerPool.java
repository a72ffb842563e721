package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The slots and the queue of an endpoint. Each job starts and ends exactly at the time at
 * which it is due, even if {@link #settle} is called later.
 */
final class WorkerPool {

	private final int slots;

	private final int maxQueueLength;

	private final List<Job> running = new ArrayList<>();

	private final Deque<Job> waiting = new ArrayDeque<>();

	WorkerPool(int slots, int maxQueueLength) {
		this.slots = slots;
		this.maxQueueLength = maxQueueLength;
	}

	PoolStatus figures() {
		return new PoolStatus(this.slots, this.running.size(), this.maxQueueLength, this.waiting.size());
	}

	void add(Job job, Instant now) {
		this.waiting.add(job);
		startWaiting(now);
	}

	/**
	 * Remove a job that is not done.
	 */
	void remove(Job job, Instant now) {
		this.running.remove(job);
		this.waiting.remove(job);
		startWaiting(now);
	}

	void clear() {
		this.running.clear();
		this.waiting.clear();
	}

	/**
	 * End the jobs that are done and start the next jobs.
	 * @param now the current time
	 * @param onDone called for each job that is done
	 */
	void settle(Instant now, Consumer<Job> onDone) {
		for (Job job = nextDone(now); job != null; job = nextDone(now)) {
			this.running.remove(job);
			job.ended = job.due();
			job.state = JobState.DONE;
			onDone.accept(job);
			startWaiting((job.ended != null) ? job.ended : now);
		}
	}

	/**
	 * Return when the next job will be done, {@code null} if no job is running or all
	 * running jobs never end.
	 */
	@Nullable Instant nextDue() {
		Instant next = null;
		for (Job job : this.running) {
			Instant due = job.due();
			if (due != null && (next == null || due.isBefore(next))) {
				next = due;
			}
		}
		return next;
	}

	/**
	 * Return the position of a job in the queue, from 1; 0 if the job does not wait.
	 */
	int position(Job job) {
		int position = 0;
		for (Job other : this.waiting) {
			position++;
			if (other == job) {
				return position;
			}
		}
		return 0;
	}

	/**
	 * Return the estimated seconds until a job is done, rounded to tenths; -1 if unknown.
	 */
	double estimate(Job job, Instant now) {
		if (job.state.ended() || this.slots == 0) {
			return -1;
		}
		PriorityQueue<Instant> free = new PriorityQueue<>(Comparator.naturalOrder());
		for (Job other : this.running) {
			Instant expected = expectedEnd(other, now);
			if (other == job) {
				return seconds(now, expected);
			}
			free.add(expected);
		}
		while (free.size() < this.slots) {
			free.add(now);
		}
		for (Job other : this.waiting) {
			Instant start = free.remove();
			Instant end = start.plus(other.duration());
			if (other == job) {
				return seconds(now, end);
			}
			free.add(end);
		}
		return -1;
	}

	private @Nullable Job nextDone(Instant now) {
		Instant next = nextDue();
		if (next == null || next.isAfter(now)) {
			return null;
		}
		return this.running.stream().filter((job) -> next.equals(job.due())).findFirst().orElse(null);
	}

	private void startWaiting(Instant at) {
		while (this.running.size() < this.slots) {
			Job job = this.waiting.poll();
			if (job == null) {
				return;
			}
			job.started = at;
			job.state = JobState.PROCESSING;
			this.running.add(job);
		}
	}

	private static Instant expectedEnd(Job job, Instant now) {
		Instant end = (job.started != null) ? job.started.plus(job.duration()) : now;
		return end.isBefore(now) ? now : end;
	}

	private static double seconds(Instant from, Instant to) {
		return Math.round(Duration.between(from, to).toMillis() / 100.0) / 10.0;
	}

}
