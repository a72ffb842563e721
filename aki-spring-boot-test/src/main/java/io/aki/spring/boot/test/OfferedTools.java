package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The tools that a chat request offers to the model.
 *
 * @param form the place of the tool calls in the response
 * @param tools the tools that the emulator may call
 */
record OfferedTools(ToolCallForm form, List<OfferedTool> tools) {

	/**
	 * Read the tools.
	 * @param arguments the checked parameters
	 * @return the tools
	 */
	static OfferedTools of(Map<String, @Nullable Object> arguments) {
		List<Object> parameter = (arguments.get("tools") instanceof String text) ? JsonText.readAll(text) : List.of();
		if (ChatFormat.WITH_TOOL_CALLS.equals(arguments.get("chat_output_format"))) {
			return new OfferedTools(ToolCallForm.TEXT_OBJECT, read(parameter));
		}
		if (!parameter.isEmpty()) {
			return new OfferedTools(ToolCallForm.OUTPUT, read(parameter));
		}
		String system = String.join("\n", ChatPrompt.texts(arguments, "system"));
		if (system.contains("<tools>")) {
			List<Object> described = TaggedText.contents(system, "tools")
				.stream()
				.flatMap((block) -> JsonText.readAll(block).stream())
				.toList();
			return new OfferedTools(ToolCallForm.TEXT, read(described));
		}
		return new OfferedTools(ToolCallForm.NONE, List.of());
	}

	private static List<OfferedTool> read(List<Object> definitions) {
		return definitions.stream().map(OfferedTool::of).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
	}

	/**
	 * Return whether the emulator calls tools without a scripted reply.
	 */
	boolean callable() {
		return !this.tools.isEmpty();
	}

	/**
	 * Return the call of the first tool that matches a prompt.
	 * @param prompt the prompt
	 * @return the reply, {@code null} if no tool matches
	 */
	@Nullable AkiEmulatorReply call(String prompt) {
		return this.tools.stream()
			.filter((tool) -> tool.matches(prompt))
			.findFirst()
			.map((tool) -> AkiEmulatorReply.toolCall(tool.name(), ToolArguments.of(tool.parameters(), prompt)))
			.orElse(null);
	}

}
