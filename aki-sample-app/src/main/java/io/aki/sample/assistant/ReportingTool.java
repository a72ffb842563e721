package io.aki.sample.assistant;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.model.ToolContext;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.ai.tool.execution.ToolExecutionException;
import org.springframework.ai.tool.metadata.ToolMetadata;

/**
 * A tool that reports each of its calls twice: with {@code tool} and {@code arguments}
 * before it is executed, and with {@code result} in addition after it. Spring AI executes
 * the calls of a conversation one after the other.
 *
 * @param tool the tool
 * @param json reads the arguments and the result
 * @param listener receives the reports
 */
record ReportingTool(ToolCallback tool, JsonMapper json, Consumer<Map<String, ?>> listener) implements ToolCallback {

	@Override
	public ToolDefinition getToolDefinition() {
		return this.tool.getToolDefinition();
	}

	@Override
	public ToolMetadata getToolMetadata() {
		return this.tool.getToolMetadata();
	}

	@Override
	public String call(String input) {
		return call(input, null);
	}

	@Override
	public String call(String input, @Nullable ToolContext context) {
		report(input, null);
		String result;
		try {
			result = this.tool.call(input, context);
		}
		catch (ToolExecutionException ex) {
			// the model gets this message as the result
			report(input, ex.getMessage());
			throw ex;
		}
		// Spring AI writes a text as a JSON string
		report(input, result.startsWith("\"") ? this.json.readValue(result, String.class) : result);
		return result;
	}

	private void report(String input, @Nullable String result) {
		Map<String, Object> call = new LinkedHashMap<>();
		call.put("tool", getToolDefinition().name());
		call.put("arguments", this.json.readTree(input));
		if (result != null) {
			call.put("result", result);
		}
		this.listener.accept(call);
	}

}
