package io.aki.spring.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.aki.client.AkiException;
import io.aki.client.AkiResult;
import io.aki.client.AkiToolCall;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a model, split into its text and its tool calls.
 *
 * @param text the text without reasoning, up to the first tool call; may be empty
 * @param toolCalls the calls, empty if there are none
 * @param problem why the calls cannot be executed, or {@code null}
 */
record ModelAnswer(String text, List<AkiToolCall> toolCalls, @Nullable Problem problem) {

	/**
	 * A problem that the model can correct.
	 *
	 * @param description the description for the model, a sentence
	 * @param otherwise the answer if the model is not asked again, or {@code null} if it
	 * is a failure
	 */
	record Problem(String description, @Nullable ModelAnswer otherwise) {

	}

	/**
	 * Read the answer of a request without tools.
	 */
	static ModelAnswer of(AkiResult result) {
		return text(answer(result));
	}

	/**
	 * Read the answer of a request with tools.
	 * @param result the result
	 * @param tools the names of the tools that the model may call
	 * @return the answer
	 */
	static ModelAnswer of(AkiResult result, Set<String> tools) {
		String answer = answer(result);
		try {
			List<AkiToolCall> calls = result.toolCallList();
			if (!calls.isEmpty()) {
				return calls(answer, calls, tools);
			}
			return answer.contains(HermesFormat.CALL_START) ? ofTags(answer, tools) : ofTextWithoutTags(answer, tools);
		}
		catch (AkiException ex) {
			return new ModelAnswer(HermesFormat.textBeforeTag(answer), List.of(),
					new Problem("It is not valid JSON with the fields \"name\" and \"arguments\".", null));
		}
	}

	private static String answer(AkiResult result) {
		String answer = result.answer();
		return (answer != null) ? answer : "";
	}

	private static ModelAnswer text(String text) {
		return new ModelAnswer(text, List.of(), null);
	}

	/**
	 * Read the JSON values after each start tag. A tag without JSON is a part of the text
	 * unless there is an end tag too.
	 */
	private static ModelAnswer ofTags(String answer, Set<String> tools) {
		List<AkiToolCall> calls = new ArrayList<>();
		boolean unreadable = false;
		int tag = answer.indexOf(HermesFormat.CALL_START);
		while (tag >= 0) {
			HermesFormat.JsonValues json = HermesFormat.jsonValues(answer, tag + HermesFormat.CALL_START.length());
			List<AkiToolCall> read = json.values().stream().flatMap((value) -> read(value).stream()).toList();
			calls.addAll(read);
			unreadable |= read.isEmpty() && answer.indexOf(HermesFormat.CALL_END, json.end()) >= 0;
			// the arguments of a call may contain the tag
			tag = answer.indexOf(HermesFormat.CALL_START, json.end());
		}
		if (!calls.isEmpty()) {
			return calls(answer, calls, tools);
		}
		return unreadable ? new ModelAnswer(HermesFormat.textBeforeTag(answer), List.of(),
				new Problem("There is no JSON between the tags.", text(answer))) : text(answer);
	}

	/**
	 * Some models write a call without the tags. JSON that is no call is the answer.
	 */
	private static ModelAnswer ofTextWithoutTags(String answer, Set<String> tools) {
		if (HermesFormat.looksLikeJson(answer)) {
			try {
				List<AkiToolCall> calls = read(answer);
				if (!calls.isEmpty() && calls.stream().allMatch((call) -> tools.contains(call.name()))) {
					return new ModelAnswer("", calls, null);
				}
			}
			catch (AkiException ex) {
				// the answer is JSON of another kind
			}
		}
		return text(answer);
	}

	/**
	 * Read calls in one of the forms of {@link AkiResult#toolCallList()}.
	 */
	private static List<AkiToolCall> read(String json) {
		return AkiResult.of(Map.of("success", true, "tool_calls", json)).toolCallList();
	}

	private static ModelAnswer calls(String answer, List<AkiToolCall> calls, Set<String> tools) {
		ModelAnswer read = new ModelAnswer(HermesFormat.textBeforeTag(answer), calls, null);
		for (AkiToolCall call : calls) {
			if (!tools.contains(call.name())) {
				return new ModelAnswer(read.text(), calls, new Problem("The tool '" + call.name()
						+ "' does not exist. The tools are: " + String.join(", ", tools) + ".", read));
			}
		}
		return read;
	}

	/**
	 * Return the answer if the model is not asked again. It has a problem if there is no
	 * such answer.
	 */
	ModelAnswer orOtherwise() {
		return (this.problem != null && this.problem.otherwise() != null) ? this.problem.otherwise() : this;
	}

}
