package io.aki.sample.task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.aki.sample.web.Heartbeats;
import io.aki.sample.web.StreamLimit;
import io.aki.spring.boot.tasks.AkiTaskChange;
import io.aki.spring.boot.tasks.AkiTasks;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;

/**
 * Sends the changed tasks of one user to a browser as {@code tasks} events, each with a
 * list of tasks. An empty list means that the browser must load its tasks again. The
 * changes of 300 ms become one event, which contains each task once.
 */
@Component
class TaskFeed {

	private static final Log logger = LogFactory.getLog(TaskFeed.class);

	private static final Duration INTERVAL = Duration.ofMillis(300);

	private static final int MAX_CHANGES = 100;

	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	/** Shorter than the time limit of asynchronous requests. The browser reconnects. */
	private static final Duration MAX_DURATION = Duration.ofMinutes(10);

	private final TaskViews views;

	private final StreamLimit limit;

	private final Sinks.Empty<Void> shutdown = Sinks.empty();

	TaskFeed(TaskViews views, StreamLimit limit) {
		this.views = views;
		this.limit = limit;
	}

	Flux<ServerSentEvent<List<TaskView>>> changesOf(AkiTasks tasks) {
		Flux<ServerSentEvent<List<TaskView>>> changes = JdkFlowAdapter.flowPublisherToFlux(tasks.changes())
			.bufferTimeout(MAX_CHANGES, INTERVAL, true)
			.concatMap((list) -> Mono.fromCallable(() -> event(list, tasks)).subscribeOn(Schedulers.boundedElastic()));
		return this.limit.count(changes.mergeWith(Heartbeats.every(HEARTBEAT))
			.takeUntilOther(this.shutdown.asMono())
			.take(MAX_DURATION)
			.doOnError((failure) -> logger.warn("The changed tasks cannot be read: " + failure.getMessage()))
			.onErrorComplete());
	}

	private ServerSentEvent<List<TaskView>> event(List<AkiTaskChange> changes, AkiTasks tasks) {
		// without a state, a task was deleted, or changes may be missing
		boolean complete = changes.stream().allMatch((change) -> change.state() != null);
		List<TaskView> changed = !complete ? List.of()
				: changes.stream()
					.map(AkiTaskChange::id)
					.distinct()
					.map(tasks::find)
					.flatMap(Optional::stream)
					.map(this.views::view)
					.toList();
		return ServerSentEvent.builder(changed).event("tasks").build();
	}

	@EventListener(ContextClosedEvent.class)
	void end() {
		this.shutdown.tryEmitEmpty();
	}

}
