package io.aki.spring.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.aki.client.AkiClient;
import io.aki.client.AkiJobState;
import io.aki.client.AkiResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.test.MockServerRestClientCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.jsonPath;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.method;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * Tests that users can test with Spring's {@link MockRestServiceServer}.
 */
class AkiMockRestServiceServerTests {

	@AutoClose
	private final LoopbackServer realServer = LoopbackServer
		.start((exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS));

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class))
		.withBean(MockServerRestClientCustomizer.class)
		.withPropertyValues("aki.io.api-server=" + this.realServer.url(), "aki.io.api-key=k", "aki.io.endpoint=chat",
				"aki.io.progress-interval=1ms");

	@Test
	void callIsAnswered() {
		this.contextRunner.run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			MockRestServiceServer mock = context.getBean(MockServerRestClientCustomizer.class).getServer();
			mock.expect(requestTo(this.realServer.url() + "/api/call/chat"))
				.andExpect(method(HttpMethod.POST))
				.andExpect(jsonPath("$.key").value("k"))
				.andExpect(jsonPath("$.prompt_input").value("hello"))
				.andRespond(json("{\"success\":true,\"text\":\"mocked\"}"));
			assertThat(client.doApiRequest(Map.of("prompt_input", "hello")).text()).isEqualTo("mocked");
			mock.verify();
			assertThat(this.realServer.requests()).isEmpty();
		});
	}

	@Test
	void pollsAreAnswered() {
		this.contextRunner.run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			MockRestServiceServer mock = context.getBean(MockServerRestClientCustomizer.class).getServer();
			mock.expect(requestTo(this.realServer.url() + "/api/call/chat"))
				.andRespond(json("{\"success\":true,\"job_id\":\"j#1\"}"));
			mock.expect(requestTo(this.realServer.url() + "/api/progress/chat"))
				.andExpect(jsonPath("$.job_id").value("j#1"))
				.andRespond(json("""
						{"success":true,"job_id":"j#1","job_state":"processing","progress":{"progress":50,\
						"queue_position":0,"estimate":1,"progress_data":{"text":"mo"}}}"""));
			mock.expect(requestTo(this.realServer.url() + "/api/progress/chat")).andRespond(json("""
					{"success":true,"job_id":"j#1","job_state":"done",\
					"job_result":{"success":true,"text":"mocked"}}"""));
			List<AkiJobState> states = new CopyOnWriteArrayList<>();
			AkiResult result = client.doApiRequest(Map.of("prompt_input", "hello"),
					(info, data) -> states.add(info.jobState()));
			assertThat(result.text()).isEqualTo("mocked");
			assertThat(states).startsWith(AkiJobState.QUEUED, AkiJobState.RUNNING);
			mock.verify();
			assertThat(this.realServer.requests()).isEmpty();
		});
	}

	@Test
	void readsAreAnswered() {
		this.contextRunner.run((context) -> {
			AkiClient client = context.getBean(AkiClient.class);
			MockRestServiceServer mock = context.getBean(MockServerRestClientCustomizer.class).getServer();
			mock.expect(requestTo(this.realServer.url() + "/api/endpoints?key=k"))
				.andExpect(method(HttpMethod.GET))
				.andRespond(json("{\"success\":true,\"endpoints\":[\"mocked\"]}"));
			assertThat(client.getEndpointList().endpoints()).containsExactly("mocked");
			mock.verify();
			assertThat(this.realServer.requests()).isEmpty();
		});
	}

	private static org.springframework.test.web.client.ResponseCreator json(String body) {
		return withSuccess(body, MediaType.APPLICATION_JSON);
	}

}
