package io.aki.sample.chat;

import java.time.Duration;
import java.util.Set;

import io.aki.sample.web.Heartbeats;
import io.aki.spring.boot.tasks.AkiTaskChange;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;

/**
 * Opens streams of server-sent events about answers that are being written. The events
 * have the names of an {@link io.aki.spring.web.AkiEventStream}, so that
 * {@code /aki/event-stream.js} reads them. A stream only follows: it starts no job, and
 * its end cancels none.
 */
@Component
class AnswerStreams {

	private static final Set<String> LAST_EVENTS = Set.of("done", "failure");

	private final Chats chats;

	private final AkiTasks tasks;

	private final Duration heartbeat;

	AnswerStreams(Chats chats, AkiTasks tasks, @Value("${aki.io.web.heartbeat}") Duration heartbeat) {
		this.chats = chats;
		this.tasks = tasks;
		this.heartbeat = heartbeat;
	}

	/**
	 * Open a stream.
	 * @param lastEventId the id of the last event that the page has received, if any
	 */
	Flux<ServerSentEvent<Object>> open(String owner, Message answer, @Nullable String lastEventId) {
		AkiTasks tasks = this.tasks.forOwner(owner);
		Sinks.Empty<Void> ended = Sinks.empty();
		return Flux.<ServerSentEvent<Object>>create((sink) -> {
			AnswerStream stream = new AnswerStream(owner, answer, StreamedText.of(lastEventId), this.chats, tasks,
					sink);
			sink.onDispose(JdkFlowAdapter.flowPublisherToFlux(tasks.changes())
				.filter((change) -> change.id().equals(answer.taskId()) || change.equals(AkiTaskChange.RESET))
				.startWith(AkiTaskChange.RESET)
				.onBackpressureLatest()
				// reads the database
				.publishOn(Schedulers.boundedElastic(), 1)
				.subscribe((change) -> stream.taskChanged(), stream::fail, sink::complete));
			sink.onCancel(stream::close);
		})
			.doOnTerminate(ended::tryEmitEmpty)
			.mergeWith(Heartbeats.<Object>every(this.heartbeat).takeUntilOther(ended.asMono()))
			.takeUntil((event) -> event.event() != null && LAST_EVENTS.contains(event.event()));
	}

}
