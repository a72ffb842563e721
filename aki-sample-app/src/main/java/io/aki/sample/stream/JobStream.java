package io.aki.sample.stream;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiJob;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.client.AkiTextStream;
import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Follows one job once, for any number of browsers that connect and reconnect. It stores
 * the whole state of the job, so that each browser can receive it at its own speed. It
 * cancels the job if no browser is connected for longer than the grace period.
 */
final class JobStream {

	/**
	 * The current state of the job.
	 *
	 * @param jobId the job's id; {@code null} until the job is accepted
	 * @param progress the latest progress
	 * @param text the whole text so far
	 * @param end the last event, once the job has ended
	 */
	record State(@Nullable String jobId, @Nullable JobProgress progress, String text, @Nullable JobEnd end) {

	}

	private final Duration grace;

	private final Executor senders;

	private final AkiTextStream text = new AkiTextStream((piece) -> {
	});

	private final Set<SseConnection> connections = new LinkedHashSet<>();

	private State state = new State(null, null, "", null);

	private @Nullable AkiJob job;

	private int arrivals;

	JobStream(Duration grace, Executor senders) {
		this.grace = grace;
		this.senders = senders;
	}

	synchronized void follow(AkiJob job) {
		this.job = job;
	}

	void progress(AkiProgressInfo info, @Nullable AkiProgressData data) {
		synchronized (this) {
			this.text.onProgress(info, data);
			this.state = new State(info.jobId(), JobProgress.of(info, data), this.text.text(), null);
		}
		wakeConnections();
	}

	void end(@Nullable AkiResult result, @Nullable Throwable failure) {
		synchronized (this) {
			String jobId = this.state.jobId();
			if (result != null) {
				this.text.finish(result);
				jobId = (result.jobId() != null) ? result.jobId() : jobId;
			}
			JobEnd end = (result != null) ? JobEnd.of(result)
					: JobEnd.of((failure != null) ? failure : new IllegalStateException("The job has no result"));
			this.state = new State(jobId, this.state.progress(), this.text.text(), end);
		}
		wakeConnections();
	}

	synchronized State state() {
		return this.state;
	}

	SseEmitter connect(boolean again, @Nullable TextRenderer renderer) {
		SseConnection connection = new SseConnection(this, this.senders, again, renderer);
		synchronized (this) {
			this.connections.add(connection);
			this.arrivals++;
		}
		connection.wake();
		return connection.emitter();
	}

	/**
	 * Close the connections. The browsers can then reconnect.
	 */
	void disconnectAll() {
		connections().forEach(SseConnection::close);
	}

	void disconnected(SseConnection connection) {
		synchronized (this) {
			if (!this.connections.remove(connection) || !this.connections.isEmpty() || this.state.end() != null) {
				return;
			}
			int arrivals = this.arrivals;
			CompletableFuture.delayedExecutor(this.grace.toNanos(), TimeUnit.NANOSECONDS)
				.execute(() -> cancelUnlessReturned(arrivals));
		}
	}

	private synchronized void cancelUnlessReturned(int arrivals) {
		if (this.arrivals == arrivals && this.job != null) {
			this.job.cancel();
		}
	}

	private void wakeConnections() {
		connections().forEach(SseConnection::wake);
	}

	private synchronized List<SseConnection> connections() {
		return List.copyOf(this.connections);
	}

}
