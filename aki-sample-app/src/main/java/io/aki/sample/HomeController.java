package io.aki.sample;

import io.aki.sample.chat.ChatController;
import io.aki.spring.boot.test.AkiEmulator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The page.
 */
@Controller
class HomeController {

	private final boolean emulated;

	private final String chatEndpoint;

	private final String imageEndpoint;

	HomeController(ObjectProvider<AkiEmulator> emulator, @Value("${aki.io.endpoint}") String chatEndpoint,
			SampleProperties properties) {
		this.emulated = emulator.getIfAvailable() != null;
		this.chatEndpoint = chatEndpoint;
		this.imageEndpoint = properties.imageEndpoint();
	}

	@GetMapping("/")
	String home(Model model) {
		model.addAttribute("emulated", this.emulated);
		model.addAttribute("chatEndpoint", this.chatEndpoint);
		model.addAttribute("imageEndpoint", this.imageEndpoint);
		model.addAttribute("longestPrompt", ChatController.LONGEST_PROMPT);
		return "home";
	}

}
