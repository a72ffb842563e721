package io.aki.jokes;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

// @formatter:off
// tag::emulator[]
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureAkiEmulator
class JokesTests {

	@Autowired
	private Jokes jokes;

	@Autowired
	private AkiEmulator emulator;

	@Test
	void asksForAJoke() {
		assertThat(this.jokes.tell()).isNotBlank();
		assertThat(this.emulator.lastCall().params()).extracting("chat_context").asString().contains("Tell me a joke");
	}

	@Test
	void apologizesWhenTheServerRefuses() {
		this.emulator.faults().add(AkiEmulatorFault.status(400));
		assertThat(this.jokes.tell()).isEqualTo("No joke today");
	}

}
// end::emulator[]
// @formatter:on
