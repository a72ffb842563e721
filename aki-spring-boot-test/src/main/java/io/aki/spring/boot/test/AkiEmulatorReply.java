package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What a chat of the {@link AkiEmulator} answers, and to which prompts. <pre>{@code
 * emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")))
 *     .add(AkiEmulatorReply.text("It is sunny in Berlin."));
 * emulator.replies().add(AkiEmulatorReply.text("42").onPrompt((prompt) -> prompt.contains("meaning")).always());
 * }</pre>
 * <p>
 * A reply is immutable: each method returns another one. Unless it is told otherwise, it
 * answers any prompt, and once.
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
	 * The model writes a text.
	 * @param text the whole text, which goes out word by word; may be empty
	 * @return the reply
	 */
	public static AkiEmulatorReply text(String text) {
		return new AkiEmulatorReply("", Objects.requireNonNull(text, "text"), NO_CALLS, (prompt) -> true, 1);
	}

	/**
	 * The model asks for a tool to be called, and writes no text.
	 * @param name the tool's name
	 * @param arguments the tool's arguments, of values that JSON knows
	 * @return the reply, whose call is written as
	 * <code>{"name": …, "arguments": {…}}</code>; see {@link #toolCalls(List)}
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
	 * The model asks for tools to be called, and writes no text.
	 * <p>
	 * What is known of the protocol is that {@code tool_calls} is a JSON string in the
	 * text object of {@code chat_output_format: "json"}, which is how it goes out here. A
	 * job that asks for another format, and gets this reply, fails. How one call is
	 * written is documented nowhere, and is the model's affair: write it as yours does.
	 * @param calls the calls, each of values that JSON knows
	 * @return the reply
	 */
	public static AkiEmulatorReply toolCalls(List<?> calls) {
		return text("").withToolCalls(calls);
	}

	/**
	 * Adds calls of tools to what the model writes.
	 * @param calls the calls, in place of those of this reply, as
	 * {@link #toolCalls(List)} takes them
	 * @return the reply
	 */
	public AkiEmulatorReply withToolCalls(List<?> calls) {
		return new AkiEmulatorReply(this.thinking, this.text, JsonText.write(Objects.requireNonNull(calls, "calls")),
				this.prompts, this.times);
	}

	/**
	 * Adds reasoning, which comes before the text.
	 * @param thinking the reasoning, without {@code <think>} around it
	 * @return the reply
	 */
	public AkiEmulatorReply thinking(String thinking) {
		return new AkiEmulatorReply(Objects.requireNonNull(thinking, "thinking"), this.text, this.toolCalls,
				this.prompts, this.times);
	}

	/**
	 * Which prompts it answers.
	 * @param prompts tells them by the last user message, an empty string where there is
	 * none. A job whose prompt makes it throw fails
	 * @return the reply
	 */
	public AkiEmulatorReply onPrompt(Predicate<String> prompts) {
		return new AkiEmulatorReply(this.thinking, this.text, this.toolCalls,
				Objects.requireNonNull(prompts, "prompts"), this.times);
	}

	/**
	 * How often it is given. The default is once.
	 * @param times how often, 1 or more
	 * @return the reply
	 */
	public AkiEmulatorReply times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("Must be greater than 0: " + times);
		}
		return new AkiEmulatorReply(this.thinking, this.text, this.toolCalls, this.prompts, times);
	}

	/**
	 * Has it given every time.
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
	 * The text as it goes out, with reasoning between {@code <think>} tags.
	 */
	String wholeText() {
		return this.thinking.isEmpty() ? this.text : "<think>" + this.thinking + "</think>\n\n" + this.text;
	}

	/**
	 * The calls as they go out, a JSON text.
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
