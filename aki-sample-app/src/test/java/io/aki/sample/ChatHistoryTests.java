package io.aki.sample;

import java.util.List;

import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the history of a page is what the model gets. The emulator answers questions
 * about the conversation from the request only.
 */
@SampleTest
class ChatHistoryTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final AkiEmulator emulator;

	private final SampleClient sample;

	ChatHistoryTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.sample = new SampleClient(port);
	}

	@Test
	void modelGetsTheEarlierMessages() {
		ask("c1", "My name is Mia");
		String joke = ask("c1", "Tell me a joke");
		String another = ask("c1", "Another one");
		assertThat(another).contains("😄").isNotEqualTo(joke);
		assertThat(ask("c1", "What is my name?")).contains("Your name is **Mia**");
		assertThat(ask("c2", "What is my name?")).contains("I do not know your name");
		assertThat(ask("c1", "What did I ask before?")).contains("4 messages", "1. \"My name is Mia\"",
				"2. \"Tell me a joke\"", "3. \"Another one\"", "4. \"What is my name?\"");
	}

	@Test
	void modelGetsWhatThePageShows() {
		ask("c3", "My name is Mia");
		ask("c3", "Please FAIL");
		ask("c3", "Tell me a joke");
		List<String> shown = userMessages(this.sample.get("/api/chat/history", "conversation=c3").body(), "text");
		ask("c3", "What did I ask before?");
		List<String> sent = userMessages(String.valueOf(this.emulator.lastCall().params().get("chat_context")),
				"content");
		assertThat(sent).startsWith(shown.toArray(String[]::new))
			.hasSize(shown.size() + 1)
			.doesNotContain("Please FAIL");
	}

	private String ask(String conversation, String prompt) {
		List<Event> events = this.sample.stream("/api/chat/stream", "prompt=" + prompt, "conversation=" + conversation)
			.all();
		return events.get(events.size() - 1).data().path("text").asString("");
	}

	private static List<String> userMessages(String json, String field) {
		return JSON.readTree(json)
			.valueStream()
			.filter((message) -> message.path("role").asString().equals("user"))
			.map((JsonNode message) -> message.path(field).asString())
			.toList();
	}

}
