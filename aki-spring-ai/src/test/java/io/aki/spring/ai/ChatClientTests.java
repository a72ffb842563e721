package io.aki.spring.ai;

import java.util.List;
import java.util.Map;

import io.aki.spring.boot.test.AkiEmulatorReply;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications do with a {@link ChatClient}.
 */
class ChatClientTests extends EmulatorTest {

	@Test
	void callReturnsTheContent() {
		emulator.replies().add(AkiEmulatorReply.text("Hello Alice"));
		assertThat(ChatClient.create(chatModel()).prompt("Hello").call().content()).isEqualTo("Hello Alice");
	}

	@Test
	void optionsOfTheRequestAreCombinedWithThoseOfTheModel() {
		AkiChatModel model = AkiChatModel.builder(client)
			.options(AkiChatOptions.builder().model(CHAT).temperature(0.1).topK(5).build())
			.build();
		ChatClient.create(model)
			.prompt("Hello")
			.options(AkiChatOptions.builder().temperature(0.9).param("max_gen_tokens", 3))
			.call()
			.content();
		assertThat(calls().get(0).params()).containsEntry("temperature", 0.9)
			.containsEntry("top_k", 5)
			.containsEntry("max_gen_tokens", 3);
	}

	@Test
	void streamReturnsTheContent() {
		emulator.replies().add(AkiEmulatorReply.text("one two three").thinking("Hm"));
		Flux<String> content = ChatClient.create(chatModel()).prompt("Count").stream().content();
		assertThat(String.join("", content.toIterable())).isEqualTo("one two three");
	}

	@Test
	void theMemoryContainsTheAnswersWithoutReasoning() {
		emulator.replies()
			.add(AkiEmulatorReply.text("Hello Alice").thinking("A name"))
			.add(AkiEmulatorReply.text("Alice"))
			.add(AkiEmulatorReply.text("Yes"));
		ChatClient chatClient = ChatClient.builder(chatModel())
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(MessageWindowChatMemory.builder().build()).build())
			.build();
		ask(chatClient, "I am Alice").call().content();
		ask(chatClient, "Who am I?").stream().content().blockLast();
		ask(chatClient, "Really?").call().content();
		assertThat(messages(calls().get(2))).containsExactly(Map.of("role", "user", "content", "I am Alice"),
				Map.of("role", "assistant", "content", "Hello Alice"), Map.of("role", "user", "content", "Who am I?"),
				Map.of("role", "assistant", "content", "Alice"), Map.of("role", "user", "content", "Really?"));
	}

	private static ChatClient.ChatClientRequestSpec ask(ChatClient chatClient, String question) {
		return chatClient.prompt(question).advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "1"));
	}

	@Test
	void entityWorksWithAModelThatReasons() {
		emulator.replies()
			.add(AkiEmulatorReply.text("```json\n{\"name\": \"Berlin\", \"population\": 3700000}\n```")
				.thinking("The schema is {\"name\": …}"));
		assertThat(ChatClient.create(chatModel()).prompt("A city").call().entity(City.class))
			.isEqualTo(new City("Berlin", 3700000));
		assertThat(String.valueOf(messages(calls().get(0)).get(0).get("content"))).contains("population");
	}

	@Test
	void entityWorksWithTheOutputFormatJson() {
		emulator.replies()
			.add(AkiEmulatorReply.text("[{\"name\": \"Berlin\", \"population\": 3700000}]").thinking("Hm"));
		assertThat(ChatClient.create(chatModel())
			.prompt("Cities")
			.options(AkiChatOptions.builder().outputFormat("json"))
			.call()
			.entity(new ParameterizedTypeReference<List<City>>() {
			})).containsExactly(new City("Berlin", 3700000));
	}

	@Test
	void imagesAreSent() {
		emulator.replies().add(AkiEmulatorReply.text("A black square"));
		assertThat(ChatClient.create(chatModel(CHAT_WITH_IMAGES))
			.prompt()
			.user((user) -> user.text("What is this?")
				.media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(TestImages.png())))
			.call()
			.content()).isEqualTo("A black square");
	}

	record City(String name, int population) {

	}

}
