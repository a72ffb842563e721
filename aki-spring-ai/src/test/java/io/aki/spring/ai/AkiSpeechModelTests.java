package io.aki.spring.ai;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.aki.client.AkiException;
import io.aki.spring.boot.test.AkiEmulatorFault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import org.springframework.ai.audio.tts.TextToSpeechOptions;
import org.springframework.ai.audio.tts.TextToSpeechPrompt;
import org.springframework.ai.audio.tts.TextToSpeechResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AkiSpeechModelTests extends EmulatorTest {

	private static AkiSpeechModel speechModel() {
		return AkiSpeechModel.builder(client)
			.options(AkiSpeechOptions.builder().model("xttsv2").language("de").build())
			.build();
	}

	@Test
	void callReturnsTheAudio() {
		assertThat(new String(speechModel().call("Hallo"), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
		assertThat(calls().get(0).params()).containsOnlyKeys("text", "language")
			.containsEntry("text", "Hallo")
			.containsEntry("language", "de");
	}

	@Test
	void theMetadataContainsTheJobAndTheFormat() {
		TextToSpeechResponse response = speechModel().call(new TextToSpeechPrompt("Hallo"));
		assertThat(response.getMetadata().<String>get("job-id")).isEqualTo(emulator.jobs().get(0).id());
		assertThat(response.getMetadata().<String>get("format")).isEqualTo("wav");
		assertThat(response.getMetadata().<String>get("model")).isNotEmpty();
		assertThat(response.getMetadata().<Duration>get("compute-duration")).isPositive();
	}

	@Test
	void optionsOfThePromptHavePriority() {
		speechModel().call(new TextToSpeechPrompt("Hello",
				AkiSpeechOptions.builder().language("en").voice("emma").param("language", "fr").build()));
		assertThat(calls().get(0).params()).containsEntry("language", "fr").containsEntry("voice", "emma");
	}

	@Test
	void theFormatOfTheEndpointIsAccepted() {
		assertThat(
				speechModel().call(new TextToSpeechPrompt("Hello", TextToSpeechOptions.builder().format("WAV").build()))
					.getResults())
			.hasSize(1);
	}

	@Test
	void anotherFormatFailsBeforeAJobIsStarted() {
		TextToSpeechPrompt prompt = new TextToSpeechPrompt("Hello",
				TextToSpeechOptions.builder().format("mp3").build());
		assertThatIllegalArgumentException().isThrownBy(() -> speechModel().call(prompt))
			.withMessage("The endpoint 'xttsv2' returns audio in the format 'wav', not 'mp3'");
		StepVerifier.create(speechModel().stream(prompt)).expectError(IllegalArgumentException.class).verify();
		assertThat(calls()).isEmpty();
	}

	@Test
	void theSpeedFailsBeforeARequest() {
		TextToSpeechPrompt prompt = new TextToSpeechPrompt("Hello", TextToSpeechOptions.builder().speed(1.5).build());
		assertThatIllegalArgumentException().isThrownBy(() -> speechModel().call(prompt))
			.withMessageContaining("speed");
		assertThat(emulator.requests()).isEmpty();
		assertThat(speechModel().call(new TextToSpeechPrompt("Hello", TextToSpeechOptions.builder().speed(1.0).build()))
			.getResults()).hasSize(1);
	}

	@Test
	void withoutAnEndpointThereIsNoRequest() {
		assertThatIllegalArgumentException().isThrownBy(() -> AkiSpeechModel.builder(client).build().call("Hello"))
			.withMessageContaining("spring.ai.aki.speech.model");
	}

	@Test
	void aStreamHasOneElement() {
		StepVerifier.create(speechModel().stream("Hello"))
			.assertNext((audio) -> assertThat(audio).isNotEmpty())
			.verifyComplete();
	}

	@Test
	void cancelingTheStreamCancelsTheJob() {
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(AkiEmulatorFault.Phase.START));
		Disposable subscription = speechModel().stream("Hello").subscribe();
		Awaitility.await().untilAsserted(() -> assertThat(emulator.jobs()).hasSize(1));
		subscription.dispose();
		awaitJobs("canceled");
	}

	@Test
	void aFailureIsAnException() {
		emulator.faults().add(AkiEmulatorFault.workerError("broken").onPhase(AkiEmulatorFault.Phase.START).times(2));
		assertThatExceptionOfType(AkiException.class).isThrownBy(() -> speechModel().call("Hello"))
			.withMessageContaining("broken");
		StepVerifier.create(speechModel().stream("Hello")).expectError(AkiException.class).verify();
	}

	@Test
	void mutateKeepsEachOption() {
		AkiSpeechOptions options = AkiSpeechOptions.builder()
			.model("a")
			.voice("b")
			.language("c")
			.format("d")
			.speed(2.0)
			.param("e", 3)
			.build();
		assertThat(options.mutate().build()).isEqualTo(options).hasSameHashCodeAs(options);
	}

}
