package io.aki.spring.boot.autoconfigure;

import java.util.List;
import java.util.Map;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiJobState;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiAutoConfiguration} in an application that configures Jackson.
 */
class AkiJacksonSettingsTests {

	private static final String RESULT = """
			{"success":true,"job_id":"j#1","job_state":"done","text":"hello","num_generated_tokens":3,\
			"negative_prompt":null,"empty_list":[],"nested_object":{"inner_value":null}}""";

	private static final String DETAILS = """
			{"success":true,"name":"chat","max_queue_length":7,"category":null,"workers":[{"free_slots":null}]}""";

	@AutoClose
	private final LoopbackServer server = LoopbackServer.start((exchange) -> LoopbackServer.answer(exchange, 200,
			exchange.getRequestMethod().equals("POST") ? RESULT : DETAILS));

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
				JacksonAutoConfiguration.class))
		.withPropertyValues("aki.io.api-server=" + this.server.url(), "aki.io.api-key=k", "aki.io.endpoint=chat",
				"spring.jackson.default-property-inclusion=non_empty",
				"spring.jackson.serialization.indent-output=true", "spring.jackson.serialization.wrap-root-value=true",
				"spring.jackson.mapper.sort-properties-alphabetically=true",
				"spring.jackson.mapper.use-annotations=true", "spring.jackson.deserialization.unwrap-root-value=true",
				"spring.jackson.deserialization.fail-on-unknown-properties=true");

	@ParameterizedTest
	@ValueSource(strings = { "UPPER_CAMEL_CASE", "SNAKE_CASE", "KEBAB_CASE" })
	void requestsAreUnchanged(String strategy) {
		this.contextRunner.withPropertyValues("spring.jackson.property-naming-strategy=" + strategy).run((context) -> {
			context.getBean(AkiClient.class)
				.doApiRequest(Map.of("chat_context", List.of(new Message("user", "", null)), "maxGenTokens", 5));
			assertThat(this.server.requests()).singleElement()
				.satisfies((request) -> assertThat(JsonMapper.shared().readValue(request.body(), Object.class))
					.isEqualTo(Map.of("key", "k", "wait_for_result", true, "maxGenTokens", 5, "chat_context",
							"[{\"theRole\":\"user\",\"content\":\"\",\"name\":null}]")));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPPER_CAMEL_CASE", "SNAKE_CASE", "KEBAB_CASE" })
	void answersAreWrittenAsTheApisOwnJson(String strategy) {
		this.contextRunner
			.withPropertyValues("spring.jackson.property-naming-strategy=" + strategy,
					"spring.jackson.serialization.wrap-root-value=false")
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				JsonMapper mapper = context.getBean(JsonMapper.class);
				AkiResult result = client.doApiRequest(Map.of("prompt_input", "x"));
				assertSame(mapper.writeValueAsString(result), RESULT);
				AkiEndpointDetails details = client.getEndpointDetails("chat");
				assertSame(mapper.writeValueAsString(details), DETAILS);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPPER_CAMEL_CASE", "SNAKE_CASE", "KEBAB_CASE" })
	void progressAndBinariesAreWrittenAsTheApisOwnJson(String strategy) {
		this.contextRunner
			.withPropertyValues("spring.jackson.property-naming-strategy=" + strategy,
					"spring.jackson.serialization.wrap-root-value=false",
					"spring.jackson.default-property-inclusion=non_default",
					"spring.jackson.datatype.enum.write-enums-to-lowercase=false")
			.run((context) -> {
				JsonMapper mapper = context.getBean(JsonMapper.class);
				AkiProgressInfo info = new AkiProgressInfo("j#1", 0, -1, -1, AkiJobState.QUEUED, "queued", false);
				assertSame(mapper.writeValueAsString(info), """
						{"job_id":"j#1","progress":0.0,"queue_position":-1,"estimate":-1.0,"job_state":"queued",\
						"server_state":"queued","success":false}""");
				assertThat(mapper.writeValueAsString(new AkiBinary("png", new byte[] { 1 })))
					.isEqualTo("\"data:image/png;base64,AQ==\"");
			});
	}

	@Test
	void settingsOfTheApplicationStayItsOwn() {
		this.contextRunner
			.withPropertyValues("spring.jackson.property-naming-strategy=UPPER_CAMEL_CASE",
					"spring.jackson.serialization.wrap-root-value=false",
					"spring.jackson.serialization.indent-output=false")
			.run((context) -> assertThat(
					context.getBean(JsonMapper.class).writeValueAsString(new Message("user", "", null)))
				.isEqualTo("{\"TheRole\":\"user\"}"));
	}

	private static void assertSame(String json, String expected) {
		assertThat(JsonMapper.shared().readValue(json, Object.class))
			.isEqualTo(JsonMapper.shared().readValue(expected, Object.class));
	}

	record Message(String theRole, String content, String name) {

	}

}
