package io.aki.spring.ai.docs;

import java.time.DayOfWeek;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

// tag::controller[]
@RestController
class ChatController {

	private final ChatClient chat;

	ChatController(ChatClient.Builder builder, ChatMemory memory) {
		this.chat = builder.defaultSystem("You answer the customers of a bicycle shop.")
			.defaultTools(new Shop())
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build())
			.build();
	}

	@PostMapping(path = "/chat/{conversation}", produces = MediaType.TEXT_PLAIN_VALUE)
	Flux<String> chat(@PathVariable String conversation, @RequestBody String question) {
		return this.chat.prompt(question)
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, conversation))
			.stream()
			.content();
	}

	static class Shop {

		@Tool(description = "Returns the number of bicycles in stock")
		int stock(@ToolParam(description = "The model, such as Tourer") String model) {
			return "Tourer".equals(model) ? 3 : 0;
		}

		@Tool(description = "Returns the opening hours of a day")
		String openingHours(DayOfWeek day) {
			return (day == DayOfWeek.SUNDAY) ? "closed" : "9 to 18";
		}

	}

}
// end::controller[]
