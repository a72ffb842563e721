package io.aki.jokes;

import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;

import org.springframework.stereotype.Component;

@Component
class Jokes {

	private final AkiClient aki;

	Jokes(AkiClient aki) {
		this.aki = aki.forEndpoint("llama3_8b_chat");
	}

	String tell() {
		AkiResult result = this.aki.doApiRequest(Map.of("prompt_input", "Tell me a joke"));
		return result.success() ? result.text() : "No joke today";
	}

}
