package io.aki.sample.task;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

import io.aki.sample.SampleProperties;
import io.aki.spring.boot.tasks.AkiTaskChange;
import io.aki.spring.boot.tasks.AkiTasks;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends changed tasks to browsers as {@code tasks} events, each with a list of tasks. An
 * empty list means that the browser must load its tasks again. The changes of all
 * instances come from {@link AkiTasks#changes()}. They are collected for a moment, and
 * each changed task is read once for all browsers.
 */
@Component
class TaskFeed implements Flow.Subscriber<AkiTaskChange> {

	private static final Log logger = LogFactory.getLog(TaskFeed.class);

	private static final String RATE = "300";

	/** If there are more, the browsers load their tasks again. */
	private static final int MOST_CHANGES = 100;

	private final AkiTasks tasks;

	private final Executor senders;

	private final int mostViewers;

	private final Set<FeedConnection> connections = ConcurrentHashMap.newKeySet();

	private final Set<String> changed = new LinkedHashSet<>();

	private boolean reload;

	TaskFeed(AkiTasks tasks, @Qualifier("applicationTaskExecutor") Executor senders, SampleProperties properties) {
		this.tasks = tasks;
		this.senders = senders;
		this.mostViewers = properties.maxViewers();
	}

	SseEmitter connect() {
		if (this.connections.size() >= this.mostViewers) {
			throw new TooManyViewersException();
		}
		FeedConnection connection = new FeedConnection(this.senders, this.connections::remove);
		this.connections.add(connection);
		// the changes since the page was rendered are unknown
		connection.send(List.of());
		return connection.emitter();
	}

	@EventListener(ApplicationReadyEvent.class)
	void follow() {
		this.tasks.changes().subscribe(this);
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		// the changes are collected in a set that does not grow
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public synchronized void onNext(AkiTaskChange change) {
		// without a state, a task was deleted, or changes may be missing
		if (change.state() == null || this.changed.size() >= MOST_CHANGES) {
			this.reload = true;
			this.changed.clear();
		}
		else if (!this.reload) {
			this.changed.add(change.id());
		}
	}

	@Override
	public void onError(Throwable ex) {
		logger.error("The changes of tasks are not received any more", ex);
	}

	@Override
	public void onComplete() {
	}

	@Scheduled(fixedDelayString = RATE)
	void sendChanges() {
		List<String> ids;
		boolean all;
		synchronized (this) {
			ids = List.copyOf(this.changed);
			all = this.reload;
			this.changed.clear();
			this.reload = false;
		}
		// a browser that connects later loads its tasks anyway
		if (this.connections.isEmpty() || (ids.isEmpty() && !all)) {
			return;
		}
		try {
			List<TaskView> views = ids.stream()
				.map(this.tasks::find)
				.flatMap(Optional::stream)
				.map(TaskView::of)
				.toList();
			this.connections.forEach((connection) -> connection.send(views));
		}
		catch (DataAccessException | TransactionException ex) {
			logger.warn("The changed tasks cannot be read, trying again: " + ex.getMessage());
			synchronized (this) {
				this.reload = true;
				this.changed.clear();
			}
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
