package io.aki.jokes;

import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiToolCall;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

// @formatter:off
// tag::tools[]
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureAkiEmulator
class ToolChatTests {

	private static final Map<String, ?> WEATHER = Map.of("name", "get_weather", "parameters",
			Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))));

	@Autowired
	private AkiClient aki;

	@Test
	void callsATool() {
		List<AkiToolCall> calls = this.aki.forEndpoint("tool_chat")
			.doApiRequest(Map.of("prompt_input", "What is the weather in Berlin?", "tools", List.of(WEATHER)))
			.toolCallList();
		assertThat(calls).containsExactly(new AkiToolCall(null, "get_weather", Map.of("city", "Berlin")));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class ToolChat {

		@Bean
		AkiEmulatorCustomizer toolChat() {
			return (builder) -> builder.endpoint(AkiEmulatorEndpoint.chat("tool_chat").tools());
		}

	}

}
// end::tools[]
// @formatter:on
