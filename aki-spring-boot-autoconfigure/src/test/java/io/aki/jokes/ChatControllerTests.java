package io.aki.jokes;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * Tests a controller. The documentation shows this test.
 */
// @formatter:off
// tag::mvc[]
@WebMvcTest(ChatController.class)
@AutoConfigureAkiEmulator
class ChatControllerTests {

	@Autowired
	private MockMvc mvc;

	@Autowired
	private AkiEmulator emulator;

	@Test
	void streamsTheAnswer() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text("Knock, knock."));
		MvcResult chat = this.mvc
			.perform(post("/chat").contentType(MediaType.APPLICATION_JSON).content("{\"text\": \"A joke\"}"))
			.andReturn();
		chat.getAsyncResult(10_000);
		this.mvc.perform(asyncDispatch(chat));
		assertThat(chat.getResponse().getContentAsString()).contains("event:done\ndata:{").contains("Knock, knock.");
	}

}
// end::mvc[]
// @formatter:on
