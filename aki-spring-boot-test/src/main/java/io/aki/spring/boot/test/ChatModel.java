package io.aki.spring.boot.test;

import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Determines the reply to a chat: a scripted reply, that of the function of the builder,
 * a call of an offered tool, or a prepared text.
 */
final class ChatModel {

	private final AkiEmulatorReplies scripted;

	private final @Nullable Function<String, String> ownReply;

	private final ChatReplies replies;

	ChatModel(long seed, AkiEmulatorReplies scripted, @Nullable Function<String, String> ownReply) {
		this.scripted = scripted;
		this.ownReply = ownReply;
		this.replies = new ChatReplies(seed);
	}

	/**
	 * Return the reply to a chat.
	 * @param prompt the prompt of the chat
	 * @param arguments the checked parameters
	 * @param tools the tools that the request offers
	 * @return the reply
	 */
	AkiEmulatorReply reply(String prompt, Map<String, @Nullable Object> arguments, OfferedTools tools) {
		AkiEmulatorReply scripted = this.scripted.next(prompt);
		if (scripted != null) {
			return scripted;
		}
		AkiEmulatorReply reply = generated(prompt, arguments, tools);
		if (prompt.contains("THINK")) {
			reply = reply.thinking(this.replies.reasoning(prompt));
		}
		if (prompt.contains("TOOL") && tools.form() == ToolCallForm.TEXT_OBJECT) {
			reply = reply.withToolCalls(ChatReplies.TOOL_CALLS);
		}
		return reply;
	}

	private AkiEmulatorReply generated(String prompt, Map<String, @Nullable Object> arguments, OfferedTools tools) {
		if (this.ownReply != null) {
			return AkiEmulatorReply.text(this.ownReply.apply(prompt));
		}
		if (tools.callable() && ChatPrompt.isToolResponse(arguments)) {
			return AkiEmulatorReply.text(ToolResponses.answer(prompt));
		}
		AkiEmulatorReply call = tools.call(prompt);
		return (call != null) ? call : AkiEmulatorReply.text(this.replies.reply(prompt, ChatHistory.of(arguments)));
	}

}
