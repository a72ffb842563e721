package io.aki.sample.page;

import io.aki.sample.assistant.Conversation;
import io.aki.sample.chat.ChatController;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Renders the Assistant page with the messages of the conversation so far.
 */
@Controller
class AssistantPage {

	private final ChatModel chatModel;

	private final Conversation conversation;

	AssistantPage(ChatModel chatModel, Conversation conversation) {
		this.chatModel = chatModel;
		this.conversation = conversation;
	}

	@GetMapping("/assistant")
	String assistant(Model model) {
		model.addAttribute("chatEndpoint", this.chatModel.getOptions().getModel());
		model.addAttribute("longestPrompt", ChatController.LONGEST_PROMPT);
		model.addAttribute("messages", this.conversation.messages());
		return "assistant";
	}

}
