package io.aki.sample.task;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import io.aki.sample.SampleProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends changed tasks to browsers as {@code tasks} events, each with a list of tasks. It
 * polls the database once for all browsers. Therefore, it also finds the changes of other
 * instances.
 */
@Component
class TaskFeed {

	static final String RATE = "500";

	/** A change is visible after its commit, which is later than its timestamp. */
	private static final Duration OVERLAP = Duration.ofSeconds(3);

	private static final int MOST_CHANGES = 1000;

	private final TaskStore store;

	private final Executor senders;

	private final int mostViewers;

	private final Set<FeedConnection> connections = ConcurrentHashMap.newKeySet();

	private final Map<String, Task> known = new HashMap<>();

	private @Nullable OffsetDateTime since;

	TaskFeed(TaskStore store, @Qualifier("applicationTaskExecutor") Executor senders, SampleProperties properties) {
		this.store = store;
		this.senders = senders;
		this.mostViewers = properties.maxViewers();
	}

	SseEmitter connect() {
		if (this.connections.size() >= this.mostViewers) {
			throw new TooManyViewersException();
		}
		FeedConnection connection = new FeedConnection(this.senders, this.connections::remove);
		this.connections.add(connection);
		// the changes since the page was rendered are unknown: an empty list makes the
		// page reload its tasks
		connection.send(List.of());
		return connection.emitter();
	}

	@Scheduled(fixedDelayString = RATE)
	void look() {
		if (this.connections.isEmpty()) {
			this.since = null;
			this.known.clear();
			return;
		}
		OffsetDateTime now = this.store.now();
		if (this.since == null) {
			this.since = now;
		}
		List<Task> recent = this.store.changedSince(this.since.minus(OVERLAP), MOST_CHANGES);
		List<TaskView> changed = recent.stream()
			.filter((task) -> !task.equals(this.known.put(task.id(), task)))
			.map(TaskView::of)
			.toList();
		this.known.keySet().retainAll(recent.stream().map(Task::id).toList());
		this.since = now;
		if (!changed.isEmpty()) {
			this.connections.forEach((connection) -> connection.send(changed));
		}
	}

	@Scheduled(fixedRate = 15_000, initialDelay = 15_000)
	void findTheGone() {
		this.connections.forEach(FeedConnection::ping);
	}

	@EventListener(ContextClosedEvent.class)
	void letGo() {
		this.connections.forEach(FeedConnection::close);
	}

}
