package io.aki.kotlin.jokes

import io.aki.spring.boot.test.AkiEmulator
import io.aki.spring.boot.test.AkiEmulatorFault
import io.aki.spring.boot.test.AutoConfigureAkiEmulator
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.test.context.SpringBootTest

// tag::emulator[]
@SpringBootTest("aki.io.endpoint=llama3_8b_chat")
@AutoConfigureAkiEmulator
class JokesTests @Autowired constructor(private val jokes: Jokes, private val emulator: AkiEmulator) {

	@Test
	suspend fun asksForAJoke() {
		assertThat(jokes.tell()).isNotBlank()
		assertThat(emulator.lastCall().params()["chat_context"].toString()).contains("Tell me a joke")
	}

	@Test
	suspend fun apologizesWhenTheServerRefuses() {
		emulator.faults().add(AkiEmulatorFault.status(400))
		assertThat(jokes.tell()).isEqualTo("No joke today")
	}

}
// end::emulator[]
