package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Contains the jobs of the emulator. Each method first starts and ends the jobs that are
 * due, so that the result of the method depends only on the time. Thread-safe.
 */
final class JobRegistry {

	private static final int MOST_JOBS = 100_000;

	private final Object lock = new Object();

	private final Map<String, WorkerPool> pools = new LinkedHashMap<>();

	private final Map<String, Job> jobs = new LinkedHashMap<>();

	private final double pace;

	private final JobIds ids;

	private final Timeline timeline;

	private final Set<Job> awaited = new LinkedHashSet<>();

	private final AtomicInteger ordinal = new AtomicInteger();

	private Instant now = Instant.MIN;

	private @Nullable Instant alarm;

	private boolean closed;

	private boolean timeFixed;

	JobRegistry(EndpointCatalog catalog, Map<String, Integer> slots, Map<String, Integer> queueLengths, double pace,
			JobIds ids, Timeline timeline) {
		this.pace = pace;
		this.ids = ids;
		this.timeline = timeline;
		for (Endpoint endpoint : catalog.endpoints()) {
			String name = endpoint.name();
			this.pools.put(name, new WorkerPool(slots.getOrDefault(name, endpoint.defaultSlots()),
					queueLengths.getOrDefault(name, endpoint.defaultQueueLength())));
		}
	}

	/**
	 * Return the number of the next job, which is used for random values. The numbers
	 * start at 0 when the emulator is started or reset.
	 */
	int nextOrdinal() {
		return this.ordinal.getAndIncrement();
	}

	/**
	 * Accept a job.
	 * @param endpoint the endpoint
	 * @param work the work
	 * @param waits whether a call waits for the result of the job
	 * @return the job, {@code null} if the queue is full
	 */
	@Nullable Job accept(Endpoint endpoint, Work work, boolean waits) {
		synchronized (this.lock) {
			update();
			WorkerPool pool = pool(endpoint);
			if (pool.figures().freeQueueSlots() == 0) {
				return null;
			}
			Duration duration = Duration.ofNanos(Math.max(1, Math.round(work.duration().toNanos() / this.pace)));
			Job job = new Job(this.ids.next(), endpoint, work, duration, this.now);
			this.jobs.put(job.id(), job);
			forgetOldest();
			if (waits && this.closed) {
				abandon(job);
			}
			else if (waits) {
				this.awaited.add(job);
			}
			pool.add(job, this.now);
			setAlarm();
			return job;
		}
	}

	/**
	 * Poll a job.
	 * @param endpoint the endpoint
	 * @param id the job's id
	 * @param cancelRequested whether the poll is a cancel request
	 * @param cancelAllowed whether a cancel request cancels the job
	 * @return the job, {@code null} if the endpoint has no job with that id
	 */
	@Nullable JobView poll(Endpoint endpoint, String id, boolean cancelRequested, boolean cancelAllowed) {
		synchronized (this.lock) {
			update();
			Job job = this.jobs.get(id);
			if (job == null || job.endpoint() != endpoint) {
				return null;
			}
			job.polls++;
			job.cancelRequests += cancelRequested ? 1 : 0;
			boolean endsHere = cancelRequested && cancelAllowed && !job.state.ended();
			if (endsHere) {
				end(job, JobState.CANCELED);
				setAlarm();
			}
			boolean handsOut = endsHere || (job.handedOut == 0 && job.state.hasResult());
			JobView view = view(job, handsOut);
			if (handsOut) {
				job.handedOut++;
				job.work = ReturnedWork.INSTANCE;
			}
			return view;
		}
	}

	PoolStatus figures(Endpoint endpoint) {
		synchronized (this.lock) {
			update();
			return pool(endpoint).figures();
		}
	}

	void lapse(String id) {
		synchronized (this.lock) {
			update();
			Job job = this.jobs.get(id);
			if (job == null || job.state.ended()) {
				throw new IllegalArgumentException("There is no job under way with the id " + id);
			}
			end(job, JobState.LAPSED);
			setAlarm();
		}
	}

	/**
	 * Return a job without counting a poll.
	 * @param endpoint the endpoint
	 * @param id the job's id
	 * @return the job, {@code null} if the endpoint has no job with that id
	 */
	@Nullable JobView peek(Endpoint endpoint, String id) {
		synchronized (this.lock) {
			update();
			Job job = this.jobs.get(id);
			if (job == null || job.endpoint() != endpoint) {
				return null;
			}
			return view(job, job.handedOut == 0 && job.state.hasResult());
		}
	}

	/**
	 * Run an action atomically. The time of the jobs does not change while the action
	 * runs, unless the action calls {@link #jump(Duration)}.
	 * @param action the action, which must not wait
	 * @return the result of the action
	 */
	<T> T atFixedTime(Supplier<T> action) {
		synchronized (this.lock) {
			update();
			this.timeFixed = true;
			try {
				return action.get();
			}
			finally {
				this.timeFixed = false;
			}
		}
	}

	/**
	 * Count the result of a job as returned, although no response contains it.
	 */
	void loseResult(String id) {
		synchronized (this.lock) {
			Job job = job(id);
			job.handedOut++;
			job.work = ReturnedWork.INSTANCE;
		}
	}

	/**
	 * Replace the work of a job with failing work. If the job has not ended, end it with
	 * the error of that work.
	 */
	void failWork(String id, Work failing) {
		synchronized (this.lock) {
			Job job = job(id);
			job.work = failing;
			if (!job.state.ended()) {
				// a job with an error of the worker must have a start time
				job.started = (job.started != null) ? job.started : this.now;
				end(job, JobState.DONE);
				setAlarm();
			}
		}
	}

	/**
	 * Remove the worker of a job, so that the job makes no further progress and does not
	 * end.
	 */
	void abandonWork(String id) {
		synchronized (this.lock) {
			Job job = job(id);
			job.work = new AbandonedWork(job.work, job.fraction(this.now));
		}
	}

	/**
	 * Change the clock of the emulator.
	 */
	void jump(Duration duration) {
		this.timeline.jump(duration);
		settle();
	}

	List<AkiEmulatorJob> jobs() {
		synchronized (this.lock) {
			update();
			return this.jobs.values().stream().map(Job::entry).toList();
		}
	}

	/**
	 * Start and end the jobs that are due.
	 */
	void settle() {
		synchronized (this.lock) {
			this.alarm = null;
			settlePools();
			setAlarm();
		}
	}

	void reset() {
		synchronized (this.lock) {
			abandonAll();
			this.jobs.clear();
			this.pools.values().forEach(WorkerPool::clear);
			this.ordinal.set(0);
		}
	}

	/**
	 * End all calls that wait for a job, including calls that arrive later.
	 */
	void close() {
		synchronized (this.lock) {
			this.closed = true;
			abandonAll();
		}
	}

	private void update() {
		if (!this.timeFixed) {
			settlePools();
		}
	}

	private void settlePools() {
		this.now = this.timeline.now();
		this.pools.values().forEach((pool) -> pool.settle(this.now, this::tellWaitingCall));
	}

	private void end(Job job, JobState state) {
		job.state = state;
		job.ended = this.now;
		tellWaitingCall(job);
		pool(job.endpoint()).remove(job, this.now);
	}

	private void tellWaitingCall(Job job) {
		if (!this.awaited.remove(job)) {
			return;
		}
		boolean handsOut = job.state.hasResult();
		job.ending().complete(view(job, handsOut));
		if (handsOut) {
			job.handedOut++;
			if (job.state == JobState.DONE) {
				job.work = ReturnedWork.INSTANCE;
			}
		}
	}

	private void abandonAll() {
		this.awaited.forEach(this::abandon);
		this.awaited.clear();
	}

	private void abandon(Job job) {
		job.ending().cancel(false);
	}

	private JobView view(Job job, boolean resultDue) {
		WorkerPool pool = pool(job.endpoint());
		return new JobView(job.id(), job.endpoint(), job.work, job.state, job.fraction(this.now), pool.position(job),
				pool.estimate(job, this.now), job.work.abandoned() ? 0 : pool.figures().workersOnline(), resultDue,
				job.accepted(), job.started, job.ended);
	}

	private void setAlarm() {
		if (this.awaited.isEmpty()) {
			return;
		}
		this.pools.values()
			.stream()
			.map(WorkerPool::nextDue)
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.min(Instant::compareTo)
			.filter((next) -> this.alarm == null || next.isBefore(this.alarm))
			.ifPresent((next) -> {
				this.alarm = next;
				this.timeline.at(next, this::settle);
			});
	}

	private void forgetOldest() {
		Iterator<Job> oldest = this.jobs.values().iterator();
		while (this.jobs.size() > MOST_JOBS && oldest.hasNext()) {
			if (oldest.next().state.ended()) {
				oldest.remove();
			}
		}
	}

	private Job job(String id) {
		return Objects.requireNonNull(this.jobs.get(id));
	}

	private WorkerPool pool(Endpoint endpoint) {
		return Objects.requireNonNull(this.pools.get(endpoint.name()));
	}

}
