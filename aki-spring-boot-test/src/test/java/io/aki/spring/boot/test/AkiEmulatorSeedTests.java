package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorSeedTests {

	@Test
	void theSameSeedAndTheSameRequestsGetTheSameAnswers() {
		assertThat(answers(AkiEmulator.builder().seed(11))).isEqualTo(answers(AkiEmulator.builder().seed(11)));
	}

	@Test
	void anotherSeedGetsOtherAnswers() {
		assertThat(answers(AkiEmulator.builder().seed(11)))
			.doesNotContainAnyElementsOf(answers(AkiEmulator.builder().seed(12)));
	}

	@Test
	void withoutASeedJobIdsDoNotComeAgain() {
		assertThat(answers(AkiEmulator.builder())).doesNotContainAnyElementsOf(answers(AkiEmulator.builder()));
	}

	private static List<String> answers(AkiEmulator.Builder builder) {
		AkiEmulatorClock clock = AkiEmulatorClock.create();
		List<String> answers = new ArrayList<>();
		try (AkiEmulator emulator = builder.clock(clock).build()) {
			EmulatorClient client = new EmulatorClient(emulator);
			String chat = client.chat("Tell me something");
			String image = client.start("z_image_turbo", Map.of("prompt", "a lake", "width", 128, "height", 128));
			clock.advance(Duration.ofMillis(700));
			answers.add(client.poll(chat).text());
			clock.advance(Duration.ofMinutes(1));
			answers.add(client.poll(chat).text());
			answers.add(client.poll("z_image_turbo", image).text());
		}
		return answers;
	}

}
