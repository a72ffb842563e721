package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Work that writes a text word by word. A word counts as one token.
 */
final class ChatWork implements Work {

	private static final Pattern WORD = Pattern.compile("\\s*\\S+");

	private static final int MAX_SEQ_LEN = 65536;

	private final Endpoint endpoint;

	private final String reply;

	// the index at which each word ends, so that a partial text keeps its line breaks
	private final List<Integer> ends = new ArrayList<>();

	private final int promptLength;

	private final double wordsPerSecond;

	private final ChatFormat format;

	private final Map<String, Object> toolOutputs;

	ChatWork(Endpoint endpoint, String reply, int mostWords, int promptLength, double wordsPerSecond, ChatFormat format,
			Map<String, Object> toolOutputs) {
		this.endpoint = endpoint;
		this.reply = reply;
		this.promptLength = promptLength;
		this.wordsPerSecond = wordsPerSecond;
		this.format = format;
		this.toolOutputs = toolOutputs;
		Matcher words = WORD.matcher(reply);
		while (words.find() && this.ends.size() < Math.max(0, mostWords)) {
			this.ends.add(words.end());
		}
	}

	@Override
	public Duration duration() {
		return Duration.ofMillis(Math.round(1000 * this.ends.size() / this.wordsPerSecond));
	}

	@Override
	public @Nullable WorkProgress progress(double fraction) {
		int words = words(fraction);
		if (words == 0) {
			return null;
		}
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("text", text(words));
		data.put("num_generated_tokens", words);
		data.put("current_context_length", this.promptLength + words);
		return new WorkProgress(100 * words / this.ends.size(), data);
	}

	@Override
	public Map<String, Object> output(double fraction) {
		int words = words(fraction);
		Map<String, Object> output = new LinkedHashMap<>();
		output.put("text", text(words));
		output.put("num_generated_tokens", words);
		output.put("model_name", this.endpoint.modelName());
		output.put("max_seq_len", MAX_SEQ_LEN);
		output.put("current_context_length", this.promptLength + words);
		output.put("prompt_length", this.promptLength);
		if (fraction >= 1) {
			output.putAll(this.toolOutputs);
		}
		return output;
	}

	private int words(double fraction) {
		return (fraction >= 1) ? this.ends.size() : (int) (fraction * this.ends.size());
	}

	private Object text(int words) {
		return this.format.form((words == 0) ? "" : this.reply.substring(0, this.ends.get(words - 1)));
	}

}
