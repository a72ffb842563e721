package io.aki.jokes;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a controller in a slice of WebFlux.
 */
@WebFluxTest(ChatController.class)
@AutoConfigureAkiEmulator
class ChatControllerWebFluxTests {

	@Autowired
	private ApplicationContext context;

	@Autowired
	private AkiEmulator emulator;

	@Test
	void streamsTheAnswer() {
		this.emulator.replies().add(AkiEmulatorReply.text("Knock, knock."));
		String events = WebTestClient.bindToApplicationContext(this.context)
			.build()
			.post()
			.uri("/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"text\": \"A joke\"}")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(events).contains("event:done\ndata:{").contains("Knock, knock.");
	}

}
