package io.aki.jokes;

import io.aki.client.AkiClient;
import io.aki.client.AkiParameters;
import io.aki.spring.web.AkiEventStream;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

// tag::controller[]
@RestController
class ChatController {

	private final AkiClient aki;

	ChatController(AkiClient aki) {
		this.aki = aki.forEndpoint("llama3_8b_chat");
	}

	@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	AkiEventStream chat(@RequestBody Question question) {
		return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text()));
	}

	record Question(String text) {
	}

}
// end::controller[]
