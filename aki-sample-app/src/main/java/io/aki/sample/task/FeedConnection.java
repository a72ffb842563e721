package io.aki.sample.task;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends changed tasks to one browser. A slow browser receives fewer and longer lists.
 * Each list contains a task only once.
 */
final class FeedConnection {

	private final SseEmitter emitter = new SseEmitter(0L);

	private final Executor senders;

	private final Consumer<FeedConnection> left;

	private final Map<String, TaskView> waiting = new LinkedHashMap<>();

	private boolean reloading;

	private boolean pinging;

	private boolean sending;

	private boolean closed;

	FeedConnection(Executor senders, Consumer<FeedConnection> left) {
		this.senders = senders;
		this.left = left;
		this.emitter.onCompletion(this::leave);
	}

	SseEmitter emitter() {
		return this.emitter;
	}

	/**
	 * Send changed tasks.
	 * @param changed the tasks; empty if the browser must load its tasks again
	 */
	void send(List<TaskView> changed) {
		synchronized (this) {
			this.reloading |= changed.isEmpty();
			for (TaskView task : changed) {
				this.waiting.put(task.taskId(), task);
			}
		}
		wake();
	}

	void ping() {
		synchronized (this) {
			this.pinging = true;
		}
		wake();
	}

	void close() {
		leave();
		this.emitter.complete();
	}

	private void wake() {
		synchronized (this) {
			if (this.sending || this.closed) {
				return;
			}
			this.sending = true;
		}
		this.senders.execute(this::sendAll);
	}

	private void sendAll() {
		try {
			for (SseEmitter.SseEventBuilder event = next(); event != null; event = next()) {
				this.emitter.send(event);
			}
		}
		catch (IOException | IllegalStateException ex) {
			leave();
		}
	}

	private synchronized SseEmitter.@Nullable SseEventBuilder next() {
		if (this.reloading) {
			this.reloading = false;
			return tasks(List.of());
		}
		if (!this.waiting.isEmpty()) {
			List<TaskView> tasks = List.copyOf(this.waiting.values());
			this.waiting.clear();
			return tasks(tasks);
		}
		if (this.pinging) {
			this.pinging = false;
			return SseEmitter.event().comment("still here");
		}
		this.sending = false;
		return null;
	}

	private static SseEmitter.SseEventBuilder tasks(List<TaskView> tasks) {
		return SseEmitter.event().name("tasks").data(tasks, MediaType.APPLICATION_JSON);
	}

	private void leave() {
		synchronized (this) {
			this.closed = true;
		}
		this.left.accept(this);
	}

}
