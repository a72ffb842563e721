package io.aki.jokes;

import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.jsonPath;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

// @formatter:off
// tag::mock[]
@RestClientTest(components = Jokes.class, properties = "aki.io.api-key=made-up")
@ImportAutoConfiguration(AkiAutoConfiguration.class)
class MockedJokesTests {

	@Autowired
	private Jokes jokes;

	@Autowired
	private MockRestServiceServer server;

	@Test
	void asksForAJoke() {
		this.server.expect(requestTo("https://aki.io/api/call/llama3_8b_chat"))
			.andExpect(jsonPath("$.chat_context").value(containsString("Tell me a joke")))
			.andRespond(withSuccess("{\"success\": true, \"text\": \"Knock, knock.\"}", MediaType.APPLICATION_JSON));
		assertThat(this.jokes.tell()).isEqualTo("Knock, knock.");
	}

}
// end::mock[]
// @formatter:on
