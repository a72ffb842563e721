package io.aki.spring.ai;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import io.aki.client.AkiException;
import io.aki.client.AkiJobFailedException;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

class AkiChatModelStreamTests extends EmulatorTest {

	private static final String ANSWER = "An answer, with <b>markup</b> and 😀, in many pieces. ".repeat(10).strip();

	private static List<ChatResponse> stream(AkiChatModel model, Prompt prompt) {
		return Objects.requireNonNull(model.stream(prompt).collectList().block());
	}

	private static String text(List<ChatResponse> responses) {
		return responses.stream().map((response) -> message(response).getText()).collect(Collectors.joining());
	}

	private static AssistantMessage message(ChatResponse response) {
		return Objects.requireNonNull(response.getResult()).getOutput();
	}

	@Test
	void thePiecesAddUpToTheAnswer() {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		List<ChatResponse> responses = stream(chatModel(), new Prompt("Tell me"));
		assertThat(responses).hasSizeGreaterThan(1);
		assertThat(text(responses)).isEqualTo(ANSWER);
		assertThat(emulator.jobs()).hasSize(1);
	}

	@Test
	void theLastResponseContainsTheUsageAndTheFinishReason() {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		List<ChatResponse> responses = stream(chatModel(), new Prompt("Tell me"));
		ChatResponse last = responses.get(responses.size() - 1);
		assertThat(message(last).getText()).isEmpty();
		assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(ANSWER.split(" ").length);
		assertThat(Objects.requireNonNull(last.getResult()).getMetadata().getFinishReason()).isEqualTo("stop");
		assertThat(responses.subList(0, responses.size() - 1))
			.allSatisfy((response) -> assertThat(response.getMetadata().getUsage().getTotalTokens()).isZero())
			.allSatisfy(
					(response) -> assertThat(response.getMetadata().getId()).isEqualTo(emulator.jobs().get(0).id()));
	}

	@Test
	void theReasoningIsNeverInTheText() {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER).thinking("First I think about it for some time."));
		List<ChatResponse> responses = stream(chatModel(), new Prompt("Tell me"));
		assertThat(text(responses)).isEqualTo(ANSWER);
		assertThat(responses.stream()
			.filter((response) -> message(response).getMetadata().containsKey("thinking"))
			.map((response) -> String.valueOf(message(response).getMetadata().get("thinking")))
			.collect(Collectors.joining())).isEqualTo("First I think about it for some time.");
		ChatResponse last = responses.get(responses.size() - 1);
		assertThat((String) Objects.requireNonNull(last.getResult()).getMetadata().get("thinking"))
			.isEqualTo("First I think about it for some time.");
	}

	@Test
	void theProgressIsInEmptyResponsesIfAskedFor() {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		AkiChatOptions options = AkiChatOptions.builder().model(CHAT).streamProgress(true).build();
		List<ChatResponse> responses = stream(chatModel(), new Prompt("Tell me", options));
		List<ChatResponse> progress = responses.stream()
			.filter((response) -> response.getMetadata().containsKey("progress"))
			.toList();
		assertThat(progress).isNotEmpty().allSatisfy((response) -> {
			assertThat(message(response).getText()).isEmpty();
			assertThat(response.getMetadata().<Integer>get("queue-position")).isNotNull();
			assertThat(response.getMetadata().<Double>get("estimate")).isNotNull();
			assertThat(response.getMetadata().<String>get("job-state")).isIn("queued", "processing", "running");
		});
		assertThat(text(responses)).isEqualTo(ANSWER);
	}

	@Test
	void thereIsNoProgressByDefault() {
		List<ChatResponse> responses = stream(chatModel(), new Prompt("Tell me a joke"));
		assertThat(responses).noneMatch((response) -> response.getMetadata().containsKey("progress"));
	}

	@Test
	void nothingIsSentWithoutASubscription() {
		chatModel().stream(new Prompt("Hello"));
		assertThat(emulator.requests()).isEmpty();
	}

	@Test
	void eachSubscriptionStartsAJob() {
		emulator.replies().add(AkiEmulatorReply.text("Hi").always());
		Flux<ChatResponse> stream = chatModel().stream(new Prompt("Hello"));
		stream.blockLast();
		stream.blockLast();
		assertThat(emulator.jobs()).hasSize(2);
	}

	@Test
	void aFailureIsAnErrorSignalAfterTheTextSoFar() {
		emulator.faults().add(AkiEmulatorFault.workerError("CUDA out of memory").onPhase(AkiEmulatorFault.Phase.START));
		StepVerifier.create(chatModel().stream(new Prompt("Hello")))
			.thenConsumeWhile((response) -> true)
			.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(AkiJobFailedException.class)
				.hasMessageContaining("CUDA out of memory"))
			.verify();
		assertThat(calls()).hasSize(1);
	}

	@Test
	void anUnknownEndpointIsAnErrorSignal() {
		StepVerifier.create(chatModel("llama_chat").stream(new Prompt("Hello")))
			.expectErrorSatisfies(
					(ex) -> assertThat(ex).isInstanceOf(AkiException.class).hasMessageContaining("'" + CHAT + "'"))
			.verify();
	}

	@Test
	void anUnsupportedOptionIsAnErrorSignal() {
		AkiChatOptions options = AkiChatOptions.builder().stopSequences(List.of("END")).build();
		StepVerifier.create(chatModel().stream(new Prompt("Hello", options)))
			.expectError(IllegalArgumentException.class)
			.verify();
	}

	@Test
	void aSubscriberThatRequestsOneByOneGetsTheWholeAnswer() {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		List<ChatResponse> responses = Objects
			.requireNonNull(chatModel().stream(new Prompt("Tell me")).limitRate(1).collectList().block());
		assertThat(text(responses)).isEqualTo(ANSWER);
	}

}
