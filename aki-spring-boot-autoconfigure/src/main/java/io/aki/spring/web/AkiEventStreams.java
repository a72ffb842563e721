package io.aki.spring.web;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.aki.client.AkiClient;
import io.aki.spring.web.AkiEventStream.NewJob;
import io.aki.spring.web.AkiEventStream.RunningJob;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Opens event streams for the requests of a web application: starts, joins or resumes
 * their jobs. For the auto-configuration. Thread-safe.
 *
 * @since 1.0.0
 */
public final class AkiEventStreams implements SmartLifecycle, AutoCloseable {

	/** After the graceful shutdown of the web server, and before the web server stops. */
	private static final int PHASE = DEFAULT_PHASE - 1536;

	private final ScheduledThreadPoolExecutor timer = timer();

	private final AkiWebSettings settings;

	/** Created with the first reconnectable stream: Java's cryptography starts slowly. */
	private final Supplier<StreamTokens> tokens;

	private final ReconnectableJobs reconnectableJobs;

	private final Set<Runnable> stopActions = ConcurrentHashMap.newKeySet();

	private volatile boolean running;

	/**
	 * Create event streams.
	 * @param settings the settings
	 */
	public AkiEventStreams(AkiWebSettings settings) {
		this.settings = settings;
		this.tokens = SingletonSupplier.of(() -> new StreamTokens(settings.tokenSecret()));
		this.reconnectableJobs = new ReconnectableJobs(this.timer, settings);
	}

	private static ScheduledThreadPoolExecutor timer() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("aki-web-");
		threads.setDaemon(true);
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads);
		timer.setRemoveOnCancelPolicy(true);
		timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		return timer;
	}

	Duration heartbeat() {
		return this.settings.heartbeat();
	}

	/**
	 * Call an action at each heartbeat.
	 */
	Future<?> atHeartbeat(Runnable action) {
		long nanos = this.settings.heartbeat().toNanos();
		return this.timer.scheduleAtFixedRate(action, nanos, nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Return the events of a stream for one request.
	 * @param lastEventId the header {@code Last-Event-ID}
	 * @throws InvalidStreamTokenException if the stream is reconnectable and the header
	 * is not an id of its owner and endpoint
	 */
	JobEventPublisher open(AkiEventStream stream, @Nullable String lastEventId) {
		if (stream.source() instanceof RunningJob running) {
			return new JobEventPublisher(running.job(), new JobEvents(StreamPosition.START, null), () -> {
			});
		}
		NewJob source = (NewJob) stream.source();
		String owner = stream.owner();
		if (owner == null) {
			return new JobEventPublisher(source.client().doApiRequestAsync(source.params()),
					new JobEvents(StreamPosition.START, null), () -> {
					});
		}
		return openReconnectable(source, owner, lastEventId);
	}

	private JobEventPublisher openReconnectable(NewJob source, String owner, @Nullable String lastEventId) {
		String endpoint = endpoint(source.client());
		StreamPosition position = StreamPosition.START;
		ReconnectableJob job;
		if (StringUtils.hasLength(lastEventId)) {
			StreamTokens.Content token = this.tokens.get().read(lastEventId, owner, endpoint);
			position = token.position();
			job = this.reconnectableJobs.join(source.client(), token.jobId());
		}
		else {
			job = this.reconnectableJobs.start(source);
		}
		JobEvents events = new JobEvents(position, (jobId, sent) -> {
			job.register(jobId);
			return this.tokens.get().create(new StreamTokens.Content(jobId, sent), owner, endpoint);
		});
		return new JobEventPublisher(job.job(), events, job::leave);
	}

	private static String endpoint(AkiClient client) {
		return Objects.requireNonNullElse(client.endpoint(), "");
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * End the open streams of Spring MVC. The reconnectable jobs are left to other
	 * instances of the application, if they share a secret. Otherwise the client cancels
	 * them when it is closed.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.reconnectableJobs.stop();
		this.stopActions.forEach(Runnable::run);
	}

	void addStopAction(Runnable action) {
		this.stopActions.add(action);
	}

	void removeStopAction(Runnable action) {
		this.stopActions.remove(action);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * End the timer of heartbeats and reconnect timeouts.
	 */
	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
