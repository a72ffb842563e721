package io.aki.spring.ai;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.aki.client.AkiClient;
import io.aki.client.AkiRequestRefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import org.springframework.ai.audio.tts.TextToSpeechPrompt;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.image.ImagePrompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that the exception of a guard that refuses a request reaches the caller of a
 * model unchanged.
 */
class RequestRefusalTests extends EmulatorTest {

	private final AkiRequestRefusedException refusal = new AkiRequestRefusedException(CHAT, "No budget left",
			Duration.ofSeconds(3));

	private final AtomicInteger allowed = new AtomicInteger();

	private final AkiClient guarded = client.mutate().requestGuard((request) -> {
		if (this.allowed.getAndDecrement() <= 0) {
			throw this.refusal;
		}
	}).build();

	@AfterEach
	void close() {
		this.guarded.close();
	}

	private AkiChatModel guardedChatModel() {
		return AkiChatModel.builder(this.guarded).options(AkiChatOptions.builder().model(CHAT).build()).build();
	}

	@Test
	void callOfAChatModel() {
		assertThat(catchThrowable(() -> guardedChatModel().call(new Prompt("Hello")))).isSameAs(this.refusal);
		assertThat(calls()).isEmpty();
	}

	@Test
	void streamOfAChatModel() {
		StepVerifier.create(guardedChatModel().stream(new Prompt("Hello")))
			.expectErrorMatches((failure) -> failure == this.refusal)
			.verify(Duration.ofSeconds(20));
		assertThat(calls()).isEmpty();
	}

	@Test
	void imageModelCancelsTheOtherImages() {
		this.allowed.set(1);
		AkiImageModel model = AkiImageModel.builder(this.guarded)
			.options(AkiImageOptions.builder().model("z_image_turbo").width(128).height(128).n(2).build())
			.build();
		assertThat(catchThrowable(() -> model.call(new ImagePrompt("A cute robot")))).isSameAs(this.refusal);
		this.guarded.close();
		assertThat(calls()).hasSizeLessThanOrEqualTo(1);
	}

	@Test
	void callOfASpeechModel() {
		AkiSpeechModel model = AkiSpeechModel.builder(this.guarded)
			.options(AkiSpeechOptions.builder().model("xttsv2").build())
			.build();
		assertThat(catchThrowable(() -> model.call(new TextToSpeechPrompt("Hello")))).isSameAs(this.refusal);
		assertThat(calls()).isEmpty();
	}

}
