package io.aki.sample.page;

import io.aki.sample.chat.ChatController;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/**
 * Renders the Chat page, which is the home page.
 */
@Controller
class ChatPage {

	private final String endpoint;

	private final DataSize maxFileSize;

	ChatPage(@Value("${aki.io.endpoint}") String endpoint,
			@Value("${spring.servlet.multipart.max-file-size}") DataSize maxFileSize) {
		this.endpoint = endpoint;
		this.maxFileSize = maxFileSize;
	}

	@GetMapping({ "/", "/chat/{conversationId}" })
	String chat(@PathVariable(required = false) @Nullable String conversationId, Model model) {
		model.addAttribute("conversationId", conversationId);
		model.addAttribute("chatEndpoint", this.endpoint);
		model.addAttribute("longestPrompt", ChatController.LONGEST_QUESTION);
		model.addAttribute("maxFiles", ChatController.MAX_FILES);
		model.addAttribute("maxFileSize", this.maxFileSize.toBytes());
		return "chat";
	}

}
