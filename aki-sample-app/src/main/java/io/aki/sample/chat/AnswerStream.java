package io.aki.sample.chat;

import java.util.Map;
import java.util.Objects;

import io.aki.client.AkiJob;
import io.aki.client.AkiJobState;
import io.aki.client.AkiProgress;
import io.aki.client.AkiTextStream;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.web.AkiReactive;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.FluxSink;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Sends what happens to one answer to one page. While this instance follows the job of
 * the answer, the text comes from the job. If another instance follows it, the page gets
 * the progress, and the text at the end. Thread-safe.
 */
final class AnswerStream {

	private final String owner;

	private final Message answer;

	private final Chats chats;

	private final AkiTasks tasks;

	private final FluxSink<ServerSentEvent<Object>> sink;

	private final TextPart text;

	private final TextPart thinking;

	private final AkiTextStream pieces;

	private @Nullable Disposable job;

	private @Nullable Object progress;

	private boolean closed;

	AnswerStream(String owner, Message answer, StreamedText received, Chats chats, AkiTasks tasks,
			FluxSink<ServerSentEvent<Object>> sink) {
		this.owner = owner;
		this.answer = answer;
		this.chats = chats;
		this.tasks = tasks;
		this.sink = sink;
		this.text = new TextPart("delta", received.text());
		this.thinking = new TextPart("thinking", received.thinking());
		this.pieces = new AkiTextStream(this.text::add, this.thinking::add);
	}

	/**
	 * Send what has changed.
	 */
	// tag::follow[]
	synchronized void taskChanged() {
		if (this.closed) {
			return;
		}
		AkiTask task = this.tasks.find(Objects.requireNonNull(this.answer.taskId())).orElse(null);
		if (task == null || task.state().isFinal()) {
			end(task);
		}
		else if (this.job == null) {
			sendProgress(Progress.of(task));
			this.tasks.job(task.id()).ifPresent(this::follow);
		}
	}

	private void follow(AkiJob job) {
		Disposable subscription = AkiReactive.progress(job)
			.onErrorComplete()
			.doFinally((signal) -> left())
			.subscribe(this::written);
		this.job = subscription.isDisposed() ? null : subscription;
	}
	// end::follow[]

	private synchronized void left() {
		this.job = null;
	}

	private synchronized void written(AkiProgress progress) {
		if (!this.closed) {
			if (this.pieces.text().isEmpty() && this.pieces.thinking().isEmpty()) {
				sendProgress(Progress.of(progress));
			}
			this.pieces.onProgress(progress.info(), progress.data());
		}
	}

	private void end(@Nullable AkiTask task) {
		Message ended = this.chats.end(this.owner, this.answer, task, this.pieces.text(), this.pieces.thinking());
		close();
		if (ended.state() == AkiTaskState.COMPLETED) {
			this.thinking.finish(Objects.requireNonNullElse(ended.thinking(), ""));
			this.text.finish(ended.text());
			send("done", ended);
		}
		else {
			send("failure", problem(ended));
		}
		this.sink.complete();
	}

	private static ProblemDetail problem(Message ended) {
		boolean canceled = ended.state() == AkiTaskState.CANCELED;
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(
				canceled ? HttpStatus.CONFLICT : HttpStatus.BAD_GATEWAY,
				canceled ? "Stopped" : String.valueOf(ended.error()));
		problem.setProperty("state", ended.state());
		return problem;
	}

	synchronized void fail(Throwable failure) {
		close();
		this.sink.error(failure);
	}

	/**
	 * Stop following. The answer is written in any case.
	 */
	synchronized void close() {
		this.closed = true;
		if (this.job != null) {
			this.job.dispose();
		}
	}

	private void sendProgress(Progress progress) {
		if (!progress.equals(this.progress)) {
			this.progress = progress;
			send("progress", progress);
		}
	}

	private void send(String event, Object data) {
		this.sink.next(ServerSentEvent.builder(data)
			.event(event)
			.id(new StreamedText(this.text.known(), this.thinking.known()).toString())
			.build());
	}

	/**
	 * What the page shows until there is text.
	 *
	 * @param state the state of the task
	 * @param progress the progress in per cent
	 * @param queuePosition the position in the queue, -1 if it is not known
	 * @param estimate the estimated remaining time in seconds, -1 if it is not known
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	private record Progress(AkiTaskState state, double progress, int queuePosition, double estimate) {

		static Progress of(AkiTask task) {
			return new Progress(task.state(), task.progress(), task.queuePosition(), task.estimate());
		}

		static Progress of(AkiProgress progress) {
			AkiTaskState state = (progress.info().jobState() == AkiJobState.QUEUED) ? AkiTaskState.QUEUED
					: AkiTaskState.RUNNING;
			return new Progress(state, progress.info().progress(), progress.info().queuePosition(),
					progress.info().estimate());
		}

	}

	/**
	 * The answer or the reasoning. The page gets what it does not have.
	 */
	private final class TextPart {

		private final String event;

		private final int received;

		private int length;

		TextPart(String event, int received) {
			this.event = event;
			this.received = received;
		}

		/**
		 * Return how many characters the page has.
		 */
		int known() {
			return Math.max(this.received, this.length);
		}

		void add(String piece) {
			int known = Math.min(Math.max(this.received - this.length, 0), piece.length());
			this.length += piece.length();
			if (known < piece.length()) {
				send(this.event, Map.of("text", piece.substring(known)));
			}
		}

		void finish(String whole) {
			if (whole.length() > this.length) {
				add(whole.substring(this.length));
			}
		}

	}

}
