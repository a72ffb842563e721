package io.aki.jokes;

import io.aki.client.AkiClient;
import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;

import org.springframework.stereotype.Component;

// tag::bean[]
@Component
class Jokes {

	private final AkiClient aki;

	Jokes(AkiClient aki) {
		this.aki = aki.forEndpoint("llama3_8b_chat");
	}

	String tell() {
		AkiResult result = this.aki.doApiRequest(AkiParameters.chat().user("Tell me a joke"));
		return result.success() ? result.answer() : "No joke today";
	}

}
// end::bean[]
