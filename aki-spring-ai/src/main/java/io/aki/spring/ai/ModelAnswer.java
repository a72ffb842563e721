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
 * @param text the text without reasoning and tool calls, may be empty
 * @param toolCalls the calls, empty if there are none
 * @param problem why the calls cannot be executed, or {@code null}
 */
record ModelAnswer(String text, List<AkiToolCall> toolCalls, @Nullable RuntimeException problem) {

	/**
	 * Read the answer of a request without tools.
	 */
	static ModelAnswer of(AkiResult result) {
		return new ModelAnswer(answer(result), List.of(), null);
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
				return checked(textBeforeCalls(answer), calls, tools);
			}
			return ofText(answer, tools);
		}
		catch (AkiException ex) {
			return new ModelAnswer(textBeforeCalls(answer), List.of(), ex);
		}
	}

	private static String textBeforeCalls(String answer) {
		int start = answer.indexOf(HermesFormat.CALL_START);
		return (start >= 0) ? answer.substring(0, start).stripTrailing() : answer;
	}

	private static String answer(AkiResult result) {
		String answer = result.answer();
		return (answer != null) ? answer : "";
	}

	private static ModelAnswer ofText(String answer, Set<String> tools) {
		if (!answer.contains(HermesFormat.CALL_START)) {
			return ofTextWithoutTags(answer, tools);
		}
		List<AkiToolCall> calls = new ArrayList<>();
		int start = answer.indexOf(HermesFormat.CALL_START);
		while (start >= 0) {
			int from = start + HermesFormat.CALL_START.length();
			int next = answer.indexOf(HermesFormat.CALL_START, from);
			int end = answer.indexOf(HermesFormat.CALL_END, from);
			boolean closed = end >= 0 && (next < 0 || end < next);
			int to = closed ? end : ((next >= 0) ? next : answer.length());
			calls.addAll(read(answer.substring(from, to)));
			start = next;
		}
		return checked(textBeforeCalls(answer), calls, tools);
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
		return new ModelAnswer(answer, List.of(), null);
	}

	/**
	 * Read calls in one of the forms of {@link AkiResult#toolCallList()}.
	 */
	private static List<AkiToolCall> read(String json) {
		return AkiResult.of(Map.of("success", true, "tool_calls", json)).toolCallList();
	}

	private static ModelAnswer checked(String text, List<AkiToolCall> calls, Set<String> tools) {
		for (AkiToolCall call : calls) {
			if (!tools.contains(call.name())) {
				return new ModelAnswer(text, calls, new IllegalStateException("The model calls the tool '" + call.name()
						+ "', which does not exist. The tools are " + String.join(", ", tools)));
			}
		}
		return new ModelAnswer(text, calls, null);
	}

}
