package io.aki.sample.stream;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
 * Opens streams of server-sent events about jobs. The events, each with the job's id as
 * its {@code id}:
 * <ul>
 * <li>{@code progress}: how far the job is
 * <li>{@code delta}: the next piece of the text
 * <li>{@code reset}: forget the text so far, what follows starts at its beginning
 * <li>{@code done}: the result
 * <li>{@code failure}: what went wrong
 * </ul>
 * A browser that lost its connection comes back by itself, with the job's id as
 * {@code Last-Event-ID}. It is then connected to the job that is still followed here; or
 * gets the end of one that ended meanwhile; or the job is resumed, if this application
 * does not know it, having been restarted. In all three cases a {@code reset} comes
 * first, then the text from its beginning, so that nothing stands on the page twice.
 */
@Component
public class JobStreams {

	private final Map<String, JobStream> streams = new ConcurrentHashMap<>();

	private final SampleProperties properties;

	private final Executor senders;

	JobStreams(SampleProperties properties, @Qualifier("applicationTaskExecutor") Executor senders) {
		this.properties = properties;
		this.senders = senders;
	}

	/**
	 * Start a job, or go on with the one that the browser had been connected to.
	 * @param client a client for the job's endpoint
	 * @param params the parameters of a job that is to be started
	 * @param lastEventId the job's id, as sent by a browser that reconnects
	 * @param whenEnded receives the result, before any browser does
	 * @return the stream
	 */
	public SseEmitter open(AkiClient client, Map<String, ?> params, @Nullable String lastEventId,
			Consumer<AkiResult> whenEnded) {
		if (!StringUtils.hasText(lastEventId)) {
			return follow((callback) -> client.doApiRequestAsync(params, callback), whenEnded).connect(false);
		}
		return this.streams
			.computeIfAbsent(lastEventId, (jobId) -> follow((callback) -> client.resume(jobId, callback), whenEnded))
			.connect(true);
	}

	private JobStream follow(Function<AkiProgressCallback, AkiJob> request, Consumer<AkiResult> whenEnded) {
		JobStream stream = new JobStream(this.properties.reconnectGrace(), this.senders);
		AkiJob job = request.apply((info, data) -> {
			this.streams.putIfAbsent(info.jobId(), stream);
			stream.progress(info, data);
		});
		stream.follow(job);
		job.result().whenComplete((result, failure) -> {
			if (result != null) {
				whenEnded.accept(result);
			}
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
	 * Let go of the browsers when the application stops: it would wait for them, and they
	 * find their jobs again.
	 */
	@EventListener(ContextClosedEvent.class)
	void letGo() {
		this.streams.values().forEach(JobStream::disconnectAll);
	}

}
