package io.aki.sample.stream;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiProgressCallback;
import io.aki.client.AkiResult;
import io.aki.sample.SampleProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Opens streams of server-sent events about jobs. Each event has the job's id as its
 * {@code id}. The events are:
 * <ul>
 * <li>{@code progress}: the progress of the job
 * <li>{@code delta}: the next piece of the text
 * <li>{@code html}: the text so far in HTML, and the reasoning before it, if requested
 * <li>{@code reset}: discard the text so far; it is sent again from its beginning
 * <li>{@code done}: the result
 * <li>{@code failure}: the error
 * </ul>
 * A browser that lost its connection reconnects automatically, with the job's id as
 * {@code Last-Event-ID}. If this application still follows the job, the browser is
 * connected to the job. If the job has ended meanwhile, the browser receives its end. If
 * this application does not know the job, because it was restarted, it resumes the job.
 * In all three cases, the browser first receives a {@code reset} and then the text from
 * its beginning. Therefore, no text appears twice on the page.
 */
@Component
public class JobStreams {

	private final Map<String, JobStream> streams = new ConcurrentHashMap<>();

	private final SampleProperties properties;

	private final Executor senders;

	private final TextRenderer renderer;

	private final AtomicInteger running = new AtomicInteger();

	JobStreams(SampleProperties properties, @Qualifier("applicationTaskExecutor") Executor senders,
			TextRenderer renderer) {
		this.renderer = renderer;
		this.properties = properties;
		this.senders = senders;
	}

	/**
	 * Start a job, or continue with the job that the browser was connected to.
	 * @param client a client for the job's endpoint
	 * @param params the parameters of a new job
	 * @param lastEventId the job's id, as sent by a browser that reconnects
	 * @param html whether to send the text also as HTML
	 * @param whenEnded receives the result before any browser receives it
	 * @return the stream
	 */
	public SseEmitter open(AkiClient client, Map<String, ?> params, @Nullable String lastEventId, boolean html,
			Consumer<AkiResult> whenEnded) {
		TextRenderer rendering = html ? this.renderer : null;
		if (!StringUtils.hasText(lastEventId)) {
			if (this.running.get() >= this.properties.maxChats()) {
				return refuse();
			}
			return follow((callback) -> client.doApiRequestAsync(params, callback), whenEnded).connect(false,
					rendering);
		}
		return this.streams
			.computeIfAbsent(lastEventId, (jobId) -> follow((callback) -> client.resume(jobId, callback), whenEnded))
			.connect(true, rendering);
	}

	// a browser cannot read an error response to a request for events: send an event
	// instead
	private SseEmitter refuse() {
		JobStream stream = new JobStream(this.properties.reconnectGrace(), this.senders);
		stream.end(null, new IllegalStateException("Too many answers are being written. Try again in a moment"));
		return stream.connect(false, null);
	}

	private JobStream follow(Function<AkiProgressCallback, AkiJob> request, Consumer<AkiResult> whenEnded) {
		JobStream stream = new JobStream(this.properties.reconnectGrace(), this.senders);
		AkiJob job = request.apply((info, data) -> {
			this.streams.putIfAbsent(info.jobId(), stream);
			stream.progress(info, data);
		});
		stream.follow(job);
		this.running.incrementAndGet();
		job.result().whenComplete((result, failure) -> {
			if (result != null) {
				whenEnded.accept(result);
			}
			this.running.decrementAndGet();
			stream.end(result, failure);
			forgetLater(stream);
		});
		return stream;
	}

	private void forgetLater(JobStream stream) {
		CompletableFuture.delayedExecutor(this.properties.rememberEnded().toNanos(), TimeUnit.NANOSECONDS)
			.execute(() -> this.streams.values().remove(stream));
	}

	/**
	 * Disconnect the browsers when the application stops. Otherwise, the application
	 * would wait for them. The browsers can reconnect to their jobs.
	 */
	@EventListener(ContextClosedEvent.class)
	void letGo() {
		this.streams.values().forEach(JobStream::disconnectAll);
	}

}
