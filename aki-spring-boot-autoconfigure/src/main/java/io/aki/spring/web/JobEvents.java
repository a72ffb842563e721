package io.aki.spring.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import io.aki.client.AkiProgress;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.client.AkiTextStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts the progress and the result of a job into the events of one stream. Not
 * thread-safe.
 */
final class JobEvents {

	private static final String TEXT = "text";

	private final AkiTextStream text = new AkiTextStream(this::answer, this::thinking);

	private final @Nullable BiFunction<String, StreamPosition, String> ids;

	private final List<StreamEvent> events = new ArrayList<>();

	/** The characters that the client has received before it reconnected. */
	private StreamPosition received;

	private StreamPosition sent;

	private @Nullable AkiProgressInfo lastInfo;

	private @Nullable String jobId;

	/**
	 * Create events.
	 * @param received what the client has received before
	 * @param ids returns the id of an event for a job's id and a position, {@code null}
	 * for events without ids
	 */
	JobEvents(StreamPosition received, @Nullable BiFunction<String, StreamPosition, String> ids) {
		this.received = received;
		this.sent = received;
		this.ids = ids;
	}

	/**
	 * Return the events for the newest progress.
	 */
	List<StreamEvent> of(AkiProgress progress) {
		AkiProgressInfo info = progress.info();
		this.jobId = info.jobId();
		Map<String, @Nullable Object> partialResults = partialResults(progress.data());
		if (!info.equals(this.lastInfo) || !partialResults.isEmpty()) {
			this.lastInfo = info;
			add("progress", progress(info, partialResults));
		}
		this.text.onProgress(info, progress.data());
		return drain();
	}

	/**
	 * Return the last events of a job that is done.
	 */
	List<StreamEvent> done(AkiResult result) {
		this.text.finish(result);
		add("done", result.toPublicMap());
		return drain();
	}

	/**
	 * Return the last events of a job that failed.
	 */
	List<StreamEvent> failed(Throwable failure) {
		add("failure", AkiProblemDetails.asMap(AkiProblemDetails.of(failure)));
		return drain();
	}

	private static Map<String, @Nullable Object> partialResults(@Nullable AkiProgressData data) {
		Map<String, @Nullable Object> partialResults = new LinkedHashMap<>((data != null) ? data.asMap() : Map.of());
		partialResults.remove(TEXT);
		return partialResults;
	}

	private static Map<String, @Nullable Object> progress(AkiProgressInfo info,
			Map<String, @Nullable Object> partialResults) {
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("job_id", info.jobId());
		data.put("progress", info.progress());
		data.put("queue_position", info.queuePosition());
		data.put("estimate", info.estimate());
		data.put("job_state", info.jobState().value());
		if (!partialResults.isEmpty()) {
			data.put("data", partialResults);
		}
		return data;
	}

	private void answer(String piece) {
		int skipped = Math.min(this.received.answer(), piece.length());
		this.received = new StreamPosition(this.received.answer() - skipped, this.received.thinking());
		if (skipped < piece.length()) {
			String rest = piece.substring(skipped);
			this.sent = new StreamPosition(this.sent.answer() + rest.length(), this.sent.thinking());
			add("delta", Map.of(TEXT, rest));
		}
	}

	private void thinking(String piece) {
		int skipped = Math.min(this.received.thinking(), piece.length());
		this.received = new StreamPosition(this.received.answer(), this.received.thinking() - skipped);
		if (skipped < piece.length()) {
			String rest = piece.substring(skipped);
			this.sent = new StreamPosition(this.sent.answer(), this.sent.thinking() + rest.length());
			add("thinking", Map.of(TEXT, rest));
		}
	}

	private void add(String name, Map<String, ? extends @Nullable Object> data) {
		String id = (this.ids != null && this.jobId != null) ? this.ids.apply(this.jobId, this.sent) : null;
		this.events.add(new StreamEvent(name, id, data));
	}

	private List<StreamEvent> drain() {
		List<StreamEvent> drained = List.copyOf(this.events);
		this.events.clear();
		return drained;
	}

}
