package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A scripted answer of a chat of the {@link AkiEmulator}, and the prompts for which it is
 * used. <pre>{@code
 * emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")))
 *     .add(AkiEmulatorReply.text("It is sunny in Berlin."));
 * emulator.replies().add(AkiEmulatorReply.text("42").onPrompt((prompt) -> prompt.contains("meaning")).always());
 * }</pre>
 * <p>
 * A reply is immutable. Each method returns a new reply. By default a reply is used once,
 * for any prompt.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorReply {

	private static final String NO_CALLS = "[]";

	private final String thinking;

	private final String text;

	private final String toolCalls;

	private final Predicate<String> prompts;

	private final int times;

	private AkiEmulatorReply(String thinking, String text, String toolCalls, Predicate<String> prompts, int times) {
		this.thinking = thinking;
		this.text = text;
		this.toolCalls = toolCalls;
		this.prompts = prompts;
		this.times = times;
	}

	/**
	 * Create a reply with a text.
	 * @param text the whole text, which may be empty. The job writes it word by word
	 * @return the reply
	 */
	public static AkiEmulatorReply text(String text) {
		return new AkiEmulatorReply("", Objects.requireNonNull(text, "text"), NO_CALLS, (prompt) -> true, 1);
	}

	/**
	 * Create a reply with one tool call and without a text. The call has the form
	 * <code>{"name": …, "arguments": {…}}</code>. The request must support tool calls,
	 * see {@link #toolCalls(List)}.
	 * @param name the tool's name
	 * @param arguments the tool's arguments, with values that JSON supports
	 * @return the reply
	 */
	public static AkiEmulatorReply toolCall(String name, Map<String, ?> arguments) {
		return toolCalls(List.of(call(name, arguments)));
	}

	static Map<String, Object> call(String name, Map<String, ?> arguments) {
		Map<String, Object> call = new LinkedHashMap<>();
		call.put("name", Objects.requireNonNull(name, "name"));
		call.put("arguments", Objects.requireNonNull(arguments, "arguments"));
		return call;
	}

	/**
	 * Create a reply with tool calls and without a text.
	 * <p>
	 * The request determines where the response contains the calls. The first condition
	 * that is true applies:
	 * <ol>
	 * <li>The request has {@code chat_output_format: "json"}: {@code tool_calls} is a
	 * JSON text inside the text object.</li>
	 * <li>The request has the parameter {@code tools} and its list is not empty, see
	 * {@link AkiEmulatorEndpoint#tools()}: the result has the output {@code tool_calls},
	 * a JSON text.</li>
	 * <li>A system message contains {@code <tools>}: the text ends with the calls, each
	 * one between the lines {@code <tool_call>} and {@code </tool_call>}. The job writes
	 * them word by word.</li>
	 * </ol>
	 * <p>
	 * In all other cases the job fails. The form of a tool call is not documented and
	 * depends on the model. Use the form of your model.
	 * @param calls the tool calls, with values that JSON supports
	 * @return the reply
	 */
	public static AkiEmulatorReply toolCalls(List<?> calls) {
		return text("").withToolCalls(calls);
	}

	/**
	 * Add tool calls to the text. They replace the tool calls of this reply.
	 * @param calls the tool calls, see {@link #toolCalls(List)}
	 * @return the reply
	 */
	public AkiEmulatorReply withToolCalls(List<?> calls) {
		return new AkiEmulatorReply(this.thinking, this.text, JsonText.write(Objects.requireNonNull(calls, "calls")),
				this.prompts, this.times);
	}

	/**
	 * Add reasoning before the text.
	 * @param thinking the reasoning, without {@code <think>} tags
	 * @return the reply
	 */
	public AkiEmulatorReply thinking(String thinking) {
		return new AkiEmulatorReply(Objects.requireNonNull(thinking, "thinking"), this.text, this.toolCalls,
				this.prompts, this.times);
	}

	/**
	 * Limit the reply to certain prompts.
	 * @param prompts tests the last user message, which may be an empty string or the
	 * response of a tool. If it throws an exception, the job fails
	 * @return the reply
	 */
	public AkiEmulatorReply onPrompt(Predicate<String> prompts) {
		return new AkiEmulatorReply(this.thinking, this.text, this.toolCalls,
				Objects.requireNonNull(prompts, "prompts"), this.times);
	}

	/**
	 * Set how often the reply is used. The default is once.
	 * @param times the number of jobs, 1 or more
	 * @return the reply
	 * @throws IllegalArgumentException if the number is less than 1
	 */
	public AkiEmulatorReply times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("Must be greater than 0: " + times);
		}
		return new AkiEmulatorReply(this.thinking, this.text, this.toolCalls, this.prompts, times);
	}

	/**
	 * Use the reply for every prompt that it matches.
	 * @return the reply
	 */
	public AkiEmulatorReply always() {
		return times(Integer.MAX_VALUE);
	}

	@Override
	public String toString() {
		return "AkiEmulatorReply[text=" + this.text + ", toolCalls=" + this.toolCalls + "]";
	}

	/**
	 * Return the text with the reasoning in {@code <think>} tags.
	 */
	String wholeText() {
		return this.thinking.isEmpty() ? this.text : "<think>" + this.thinking + "</think>\n\n" + this.text;
	}

	/**
	 * Return the tool calls as a JSON text.
	 */
	String toolCallsAsJson() {
		return this.toolCalls;
	}

	boolean callsTools() {
		return !this.toolCalls.equals(NO_CALLS);
	}

	boolean answers(String prompt) {
		return this.prompts.test(prompt);
	}

	int times() {
		return this.times;
	}

}
