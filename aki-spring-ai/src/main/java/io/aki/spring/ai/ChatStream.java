package io.aki.spring.ai;

import java.util.ArrayList;
import java.util.List;

import io.aki.client.AkiProgress;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.client.AkiTextStream;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Converts the progress and the result of one job into the responses of a stream. If the
 * model has tools, text that may become a tool call is not sent until that is decided.
 * Not thread-safe.
 */
final class ChatStream {

	private final ChatResponses responses;

	private final boolean withTools;

	private final boolean withProgress;

	private final AkiTextStream text = new AkiTextStream((piece) -> {
	}, this::thinking);

	private final List<ChatResponse> unread = new ArrayList<>();

	private int sent;

	private @Nullable String jobId;

	private @Nullable AkiProgressInfo lastInfo;

	ChatStream(ChatResponses responses) {
		this.responses = responses;
		this.withTools = !responses.request().tools().isEmpty();
		this.withProgress = Boolean.TRUE.equals(responses.request().options().getStreamProgress());
	}

	/**
	 * Return the responses for the newest progress.
	 */
	List<ChatResponse> on(AkiProgress progress) {
		this.jobId = progress.info().jobId();
		if (this.withProgress && !progress.info().equals(this.lastInfo)) {
			this.lastInfo = progress.info();
			this.unread.add(this.responses.progress(progress.info()));
		}
		this.text.onProgress(progress.info(), progress.data());
		sendUntil(this.withTools ? HermesFormat.textBeforeCalls(this.text.text()) : this.text.text());
		return drain();
	}

	/**
	 * Return the responses with the rest of the text.
	 */
	List<ChatResponse> rest(AkiResult result, ModelAnswer answer) {
		this.jobId = result.jobId();
		this.text.finish(result);
		sendUntil(this.withTools ? answer.text() : this.text.text());
		return drain();
	}

	private void thinking(String piece) {
		this.unread.add(this.responses.thinking(this.jobId, piece));
	}

	private void sendUntil(String text) {
		if (text.length() > this.sent) {
			String separator = (this.sent == 0) ? this.responses.separator(text) : "";
			this.unread.add(this.responses.text(this.jobId, separator + text.substring(this.sent)));
			this.sent = text.length();
		}
	}

	private List<ChatResponse> drain() {
		List<ChatResponse> drained = List.copyOf(this.unread);
		this.unread.clear();
		return drained;
	}

}
