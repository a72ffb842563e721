package io.aki.client;

import java.util.List;
import java.util.Map;

import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link AkiEndpointDetails} and {@link AkiParameter}.
 */
class AkiEndpointDetailsTests {

	@Test
	void parametersOfAChatAreRead() {
		AkiEndpointDetails details = recorded("endpoint details");
		assertThat(details.parameters()).containsExactly(
				new AkiParameter("chat_context", "chat_context", false, null, null, null, List.of(), null),
				new AkiParameter("text_context", "text_context", false, null, null, null, List.of(), null),
				new AkiParameter("prompt_input", "string", false, "", null, null, List.of(), null),
				new AkiParameter("top_k", "integer", false, 40, 1, 1000, List.of(), null),
				new AkiParameter("top_p", "float", false, 0.9, 0.0, 1.0, List.of(), null),
				new AkiParameter("temperature", "float", false, 0.8, 0.0, 1.0, List.of(), null),
				new AkiParameter("max_gen_tokens", "integer", false, 2000, null, 16384, List.of(), null));
		assertThat(details.outputs()).extracting(AkiParameter::name)
			.containsExactly("text", "num_generated_tokens", "model_name", "max_seq_len", "current_context_length",
					"error", "prompt_length");
		assertThat(details.outputs()).extracting(AkiParameter::type).containsOnly("string", "integer");
	}

	@Test
	void parametersOfAnImageAreRead() {
		AkiEndpointDetails details = recorded("endpoint details image");
		assertThat(details.parameters())
			.contains(new AkiParameter("prompt", "string", true, "", null, null, List.of(), null),
					new AkiParameter("provide_progress_images", "selection", false, "none", null, null,
							List.of("none", "decoded"), null),
					new AkiParameter("width", "integer", false, 1024, 128, 2048, List.of(), null),
					new AkiParameter("image", "image", false, null, null, null, List.of(), null))
			.extracting(AkiParameter::name)
			.containsExactly("prompt", "provide_progress_images", "seed", "height", "width", "steps", "guidance",
					"image2image_strength", "image");
		assertThat(details.outputs()).extracting(AkiParameter::name, AkiParameter::type)
			.contains(org.assertj.core.groups.Tuple.tuple("images", "image_list"));
	}

	@Test
	void wholeDescriptionStaysAvailable() {
		Map<String, Object> input = Transcripts
			.object(ScriptedServer.JSON.valueToTree(recorded("endpoint details").parameterDescription().get("input")));
		assertThat(input).containsKeys("key", "wait_for_result", "client_session_auth_key")
			.contains(entry("prompt_input", Map.of("type", "string", "default", "", "required", false)));
	}

	@Test
	void detailsWithoutADescriptionHaveNoParameters() {
		AkiEndpointDetails details = recorded("endpoint details unknown");
		assertThat(details.parameters()).isEmpty();
		assertThat(details.outputs()).isEmpty();
	}

	@Test
	void unusualDefinitionsAreReadAsFarAsTheyGo() {
		try (ScriptedServer server = new ScriptedServer().json("""
				{"name": "odd", "parameter_description": {"input": {
				  "plain": {}, "none": null, "text": "string", "typed": {"type": 7, "required": "yes", "minimum": "1"},
				  "told": {"type": "selection", "supported": [1, null, "b"], "description": "What it is"}}}}""");
				AkiClient client = server.client().build()) {
			assertThat(client.getEndpointDetails("odd").parameters()).containsExactly(
					new AkiParameter("plain", "string", false, null, null, null, List.of(), null),
					new AkiParameter("none", "string", false, null, null, null, List.of(), null),
					new AkiParameter("text", "string", false, null, null, null, List.of(), null),
					new AkiParameter("typed", "string", false, null, null, null, List.of(), null),
					new AkiParameter("told", "selection", false, null, null, null, List.of(1, "b"), "What it is"));
		}
	}

	@Test
	void listsAreUnmodifiable() {
		AkiEndpointDetails details = recorded("endpoint details");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> details.parameters().clear());
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> details.outputs().clear());
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> details.parameters().get(0).options().add("x"));
	}

	@Test
	void requestWithAllDeclaredDefaultsIsAccepted() {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(100).build();
				AkiClient aki = AkiClient.builder()
					.apiServer(emulator.apiServer())
					.apiKey(emulator.apiKey())
					.endpoint("qwen_image")
					.build()) {
			AkiParameters.Image params = AkiParameters.image("robot");
			for (AkiParameter parameter : aki.getEndpointDetails("qwen_image").orThrow().parameters()) {
				if (parameter.defaultValue() != null && !parameter.required()) {
					params = params.set(parameter.name(), parameter.defaultValue());
				}
			}
			assertThat(params).hasSizeGreaterThan(5);
			assertThat(aki.doApiRequest(params.width(128).height(128)).orThrow().images()).hasSize(1);
		}
	}

	private static AkiEndpointDetails recorded(String transcript) {
		try (ScriptedServer server = new ScriptedServer()
			.reply(ScriptedServer.Reply.of(Transcripts.all().get(transcript).at("/response/status").intValue(),
					"application/json", Transcripts.all().get(transcript).at("/response/body").toString()));
				AkiClient client = server.client().build()) {
			return client.getEndpointDetails("llama3_8b_chat");
		}
	}

}
