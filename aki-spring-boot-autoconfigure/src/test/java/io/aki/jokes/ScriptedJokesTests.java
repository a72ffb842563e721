package io.aki.jokes;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

// @formatter:off
// tag::replies[]
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureAkiEmulator
class ScriptedJokesTests {

	@Autowired
	private Jokes jokes;

	@Autowired
	private AkiEmulator emulator;

	@Test
	void tellsTheJokeOfTheModel() {
		this.emulator.replies().add(AkiEmulatorReply.text("Knock, knock."));   // for the next chat
		assertThat(this.jokes.tell()).isEqualTo("Knock, knock.");
		assertThat(this.jokes.tell()).isEqualTo("No more jokes.");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class NoMoreJokes {

		@Bean
		AkiEmulatorCustomizer noMoreJokes() {                                  // for all chats
			return (builder) -> builder.chatReply((prompt) -> "No more jokes.");
		}

	}

}
// end::replies[]
// @formatter:on
