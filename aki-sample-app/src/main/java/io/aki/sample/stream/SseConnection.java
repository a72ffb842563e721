package io.aki.sample.stream;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Sends the changes of a job to one browser. It compares the data that the browser has
 * received with the current state of the job. A slow browser therefore receives fewer and
 * larger pieces, and it does not slow down the job. Only one thread sends at a time. It
 * is never a thread of the client.
 */
final class SseConnection {

	private final JobStream stream;

	private final Executor senders;

	private final SseEmitter emitter = new SseEmitter(0L);

	private final @Nullable TextRenderer renderer;

	private final AtomicInteger news = new AtomicInteger();

	private volatile boolean closed;

	private @Nullable JobProgress progress;

	// null: the text on the page is unknown because the page had another connection
	// before
	private @Nullable String text;

	SseConnection(JobStream stream, Executor senders, boolean again, @Nullable TextRenderer renderer) {
		this.renderer = renderer;
		this.stream = stream;
		this.senders = senders;
		this.text = again ? null : "";
		this.emitter.onCompletion(this::left);
	}

	SseEmitter emitter() {
		return this.emitter;
	}

	void wake() {
		if (!this.closed && this.news.getAndIncrement() == 0) {
			this.senders.execute(this::sendNews);
		}
	}

	void close() {
		this.closed = true;
		this.emitter.complete();
	}

	private void sendNews() {
		int known;
		do {
			known = this.news.get();
			try {
				send(this.stream.state());
			}
			catch (IOException | IllegalStateException ex) {
				left();
			}
		}
		while (this.news.addAndGet(-known) > 0);
	}

	private void send(JobStream.State state) throws IOException {
		if (this.closed || (state.progress() == null && state.end() == null)) {
			return;
		}
		if (this.text == null || !state.text().startsWith(this.text)) {
			send(state.jobId(), "reset", Map.of());
			this.text = "";
		}
		if (state.progress() != null && state.progress() != this.progress) {
			send(state.jobId(), "progress", state.progress());
			this.progress = state.progress();
		}
		if (state.text().length() > this.text.length()) {
			send(state.jobId(), "delta", Map.of("text", state.text().substring(this.text.length())));
			this.text = state.text();
			if (this.renderer != null) {
				send(state.jobId(), "html", this.renderer.render(state.text()));
			}
		}
		if (state.end() != null) {
			send(state.jobId(), state.end().event(), state.end().data());
			close();
		}
	}

	private void send(@Nullable String jobId, String event, Object data) throws IOException {
		SseEmitter.SseEventBuilder builder = SseEmitter.event().name(event);
		if (jobId != null) {
			builder.id(jobId);
		}
		this.emitter.send(builder.data(data, MediaType.APPLICATION_JSON));
	}

	private void left() {
		this.closed = true;
		this.stream.disconnected(this);
	}

}
