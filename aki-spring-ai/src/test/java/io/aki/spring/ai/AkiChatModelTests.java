package io.aki.spring.ai;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiUsage;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AkiChatModelTests extends EmulatorTest {

	@Test
	void callReturnsTheAnswer() {
		emulator.replies().add(AkiEmulatorReply.text("Hello Alice"));
		assertThat(chatModel().call("Hello")).isEqualTo("Hello Alice");
		assertThat(calls()).singleElement()
			.satisfies((call) -> assertThat(call.path()).isEqualTo("/api/call/" + CHAT))
			.satisfies((call) -> assertThat(call.params()).containsOnlyKeys("chat_context"));
	}

	@Test
	void callReturnsTheMetadata() {
		emulator.replies().add(AkiEmulatorReply.text("one two three"));
		ChatResponse response = chatModel().call(new Prompt("four words are sent"));
		assertThat(response.getMetadata().getId()).isEqualTo(emulator.jobs().get(0).id());
		assertThat(response.getMetadata().getModel()).isEqualTo("Llama-3.1-8B-Instruct");
		assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(4);
		assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
		assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(7);
		assertThat(response.getMetadata().getUsage().getNativeUsage()).isInstanceOf(AkiUsage.class);
		assertThat((String) response.getMetadata().get("endpoint")).isEqualTo(CHAT);
		assertThat((Duration) response.getMetadata().get("compute-duration")).isPositive();
		assertThat((Duration) response.getMetadata().get("queue-duration")).isNotNull();
		assertThat((Duration) response.getMetadata().get("total-duration")).isPositive();
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("stop");
	}

	@Test
	void finishReasonIsLengthIfTheLimitIsReached() {
		emulator.replies().add(AkiEmulatorReply.text("one two three four"));
		ChatResponse response = chatModel()
			.call(new Prompt("Count", AkiChatOptions.builder().model(CHAT).maxTokens(2).build()));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("one two");
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("length");
		response = chatModel()
			.call(new Prompt("Count", AkiChatOptions.builder().model(CHAT).param("max_gen_tokens", 1).build()));
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("length");
	}

	@Test
	void reasoningIsMetadata() {
		emulator.replies().add(AkiEmulatorReply.text("42").thinking("Let me see"));
		ChatResponse response = chatModel().call(new Prompt("The answer?"));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("42");
		assertThat(response.getResult().getOutput().getMetadata()).containsEntry("thinking", "Let me see");
		assertThat((String) response.getResult().getMetadata().get("thinking")).isEqualTo("Let me see");
	}

	@Test
	void reasoningIsMetadataWithTheOutputFormatJson() {
		emulator.replies().add(AkiEmulatorReply.text("42").thinking("Let me see"));
		ChatResponse response = chatModel()
			.call(new Prompt("?", AkiChatOptions.builder().model(CHAT).outputFormat("json").build()));
		assertThat(response.getResult().getOutput().getText()).isEqualTo("42");
		assertThat((String) response.getResult().getMetadata().get("thinking")).isEqualTo("Let me see");
	}

	@Test
	void messagesAreSentInTheirOrderAfterOneSystemMessage() {
		chatModel().call(new Prompt(new SystemMessage("Be brief"), new UserMessage("Hello"), new AssistantMessage("Hi"),
				new SystemMessage("Be polite"), new UserMessage("Bye")));
		assertThat(messages(calls().get(0))).containsExactly(
				Map.of("role", "system", "content", "Be brief\n\nBe polite"),
				Map.of("role", "user", "content", "Hello"), Map.of("role", "assistant", "content", "Hi"),
				Map.of("role", "user", "content", "Bye"));
	}

	@Test
	void optionsAreSentUnderTheNamesOfTheApi() {
		AkiChatOptions.Builder options = AkiChatOptions.builder();
		options.model(CHAT).maxTokens(50).temperature(0.5).topK(20).topP(0.5).outputFormat("raw").param("top_k", 30);
		chatModel().call(new Prompt("Hello", options.build()));
		assertThat(calls().get(0).params()).containsEntry("max_gen_tokens", 50)
			.containsEntry("temperature", 0.5)
			.containsEntry("top_k", 30)
			.containsEntry("top_p", 0.5)
			.containsEntry("chat_output_format", "raw");
	}

	@Test
	void optionsOfThePromptReplaceThoseOfTheModelExceptTheEndpoint() {
		AkiChatModel model = AkiChatModel.builder(client)
			.options(AkiChatOptions.builder().model(CHAT).temperature(0.1).build())
			.build();
		model.call(new Prompt("Hello", ChatOptions.builder().topK(5).build()));
		assertThat(calls().get(0).path()).endsWith(CHAT);
		assertThat(calls().get(0).params()).containsEntry("top_k", 5).doesNotContainKey("temperature");
	}

	@Test
	void withoutAnEndpointThereIsNoRequest() {
		assertThatIllegalArgumentException().isThrownBy(() -> AkiChatModel.builder(client).build().call("Hello"))
			.withMessageContaining("spring.ai.aki.chat.model");
		assertThat(emulator.requests()).isEmpty();
	}

	@Test
	void theEndpointOfTheClientIsTheDefault() {
		AkiChatModel model = AkiChatModel.builder(client.forEndpoint(CHAT)).build();
		assertThat(model.getOptions().getModel()).isEqualTo(CHAT);
		model.call("Hello");
		assertThat(calls().get(0).path()).endsWith(CHAT);
	}

	@Test
	void aPromptWithoutMessagesFailsBeforeARequest() {
		assertThatIllegalArgumentException().isThrownBy(() -> chatModel().call(new Prompt(List.of())))
			.withMessageContaining("no message");
		assertThat(emulator.requests()).isEmpty();
	}

	@Test
	void penaltiesOfZeroAreAccepted() {
		chatModel().call(new Prompt("Hello", ChatOptions.builder().frequencyPenalty(0.0).presencePenalty(0.0).build()));
		assertThat(calls().get(0).params()).containsOnlyKeys("chat_context");
	}

	@Test
	void aThreadOfReactorThatMustNotBlockFailsBeforeARequest() {
		AkiImageModel imageModel = AkiImageModel.builder(client)
			.options(AkiImageOptions.builder().model("z_image_turbo").n(2).build())
			.build();
		AkiSpeechModel speechModel = AkiSpeechModel.builder(client)
			.options(AkiSpeechOptions.builder().model("xttsv2").format("wav").build())
			.build();
		for (Runnable call : List.<Runnable>of(() -> chatModel().call("Hello"),
				() -> imageModel.call(new ImagePrompt("A robot")), () -> speechModel.call("Hello"))) {
			StepVerifier.create(Mono.fromRunnable(call).subscribeOn(Schedulers.parallel()))
				.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(IllegalStateException.class)
					.hasMessageContaining("must not block"))
				.verify();
		}
		assertThat(emulator.requests()).isEmpty();
	}

	@Test
	void unsupportedOptionsFailBeforeARequest() {
		for (ChatOptions options : List.of(ChatOptions.builder().stopSequences(List.of("END")).build(),
				ChatOptions.builder().frequencyPenalty(0.5).build(),
				ChatOptions.builder().presencePenalty(0.5).build())) {
			assertThatIllegalArgumentException().isThrownBy(() -> chatModel().call(new Prompt("Hello", options)))
				.withMessageContaining("AKI.IO has no parameter");
		}
		assertThat(emulator.requests()).isEmpty();
	}

	@Test
	void theFailureForAnUnknownEndpointNamesTheNearOnes() {
		assertThatExceptionOfType(AkiException.class).isThrownBy(() -> chatModel("llama_chat").call("Hello"))
			.withMessageContaining("'" + CHAT + "'");
	}

	@Test
	void theFailureForAnUnknownParameterNamesTheDeclaredOnes() {
		AkiChatOptions options = AkiChatOptions.builder().model(CHAT).param("bogus", 1).build();
		assertThatExceptionOfType(AkiBadRequestException.class)
			.isThrownBy(() -> chatModel().call(new Prompt("Hello", options)))
			.withMessageContaining("bogus")
			.withMessageContaining("max_gen_tokens");
	}

	@Test
	void aFailedJobIsAnExceptionAndIsNotRepeated() {
		emulator.faults().add(AkiEmulatorFault.workerError("CUDA out of memory").onPhase(AkiEmulatorFault.Phase.START));
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> chatModel().call("Hello"))
			.withMessageContaining("CUDA out of memory");
		assertThat(calls()).hasSize(1);
	}

	@Test
	void aStartWhoseResponseIsLostIsNotRepeated() {
		emulator.faults().add(AkiEmulatorFault.reset().afterReading().onPhase(AkiEmulatorFault.Phase.START));
		assertThatExceptionOfType(AkiException.class).isThrownBy(() -> chatModel().call("Hello"));
		assertThat(calls()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failuresAreTheSameWithRaiseExceptions(boolean raiseExceptions) {
		emulator.faults().add(AkiEmulatorFault.workerError("broken").onPhase(AkiEmulatorFault.Phase.START).times(2));
		try (AkiClient raising = client.mutate().raiseExceptions(raiseExceptions).build()) {
			AkiChatModel model = AkiChatModel.builder(raising)
				.options(AkiChatOptions.builder().model(CHAT).build())
				.build();
			assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> model.call("Hello"));
			assertThatExceptionOfType(AkiJobFailedException.class)
				.isThrownBy(() -> model.stream(new Prompt("Hello")).blockLast());
		}
	}

	@Test
	void imagesAreSentAsData() {
		byte[] image = TestImages.png();
		chatModel(CHAT_WITH_IMAGES).call(new Prompt(UserMessage.builder()
			.text("What is this?")
			.media(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(image)))
			.build()));
		assertThat(messages(calls().get(0)))
			.containsExactly(Map.of("role", "user", "content", List.of(Map.of("type", "text", "text", "What is this?"),
					Map.of("type", "image", "image", AkiClient.encodeBinary(image, "png")))));
	}

	@Test
	void theFormatOfAnImageIsDetectedIfItIsNotGiven() {
		byte[] image = TestImages.png();
		chatModel(CHAT_WITH_IMAGES).call(new Prompt(UserMessage.builder()
			.text("What is this?")
			.media(new Media(MimeTypeUtils.parseMimeType("image/*"), new ByteArrayResource(image)))
			.build()));
		assertThat(String.valueOf(messages(calls().get(0)).get(0).get("content")))
			.contains(AkiClient.encodeBinary(image, "png"));
	}

	@Test
	void anImageAsUrlFailsBeforeARequest() {
		UserMessage message = UserMessage.builder()
			.text("What is this?")
			.media(new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.com/image.png")))
			.build();
		assertThatIllegalArgumentException().isThrownBy(() -> chatModel(CHAT_WITH_IMAGES).call(new Prompt(message)))
			.withMessageContaining("does not load URLs");
		assertThat(emulator.requests()).isEmpty();
	}

	@Test
	void anEndpointWithoutImagesRefusesThem() {
		UserMessage message = UserMessage.builder()
			.text("What is this?")
			.media(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(TestImages.png())))
			.build();
		assertThatExceptionOfType(AkiBadRequestException.class).isThrownBy(() -> chatModel().call(new Prompt(message)));
	}

}
