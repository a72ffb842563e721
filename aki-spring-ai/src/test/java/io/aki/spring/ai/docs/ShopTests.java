package io.aki.spring.ai.docs;

import java.util.Map;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

// tag::test[]
@SpringBootTest("spring.ai.aki.chat.model=llama3_8b_chat")
@AutoConfigureAkiEmulator
class ShopTests {

	@Test
	void looksIntoTheStock(@Autowired ChatController controller, @Autowired AkiEmulator emulator) {
		emulator.replies()
			.add(AkiEmulatorReply.toolCall("stock", Map.of("model", "Tourer")))
			.add(AkiEmulatorReply.text("We have three."));
		assertThat(String.join("", controller.chat("1", "Is there a Tourer?").toIterable()))
			.isEqualTo("We have three.");
		assertThat(emulator.lastCall().params().get("chat_context").toString()).contains("<tool_response>");
		assertThat(emulator.jobs()).hasSize(2);
	}

}
// end::test[]
