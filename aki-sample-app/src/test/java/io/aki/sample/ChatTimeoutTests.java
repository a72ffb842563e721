package io.aki.sample;

import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
@TestPropertySource(properties = "aki.io.job-timeout=1s")
class ChatTimeoutTests {

	@Test
	void timeoutIsAFailureWithItsReason(@LocalServerPort int port) {
		SampleClient sample = new SampleClient(port);
		JsonNode conversation = JsonMapper.shared()
			.readTree(sample.postJson("/api/conversations", "{\"text\": \"HANG\"}").body());
		List<SseStream.Event> events = sample
			.stream("/api/conversations/" + conversation.path("id").asString() + "/messages/"
					+ conversation.path("messages").path(1).path("id").asString() + "/events")
			.all();
		SseStream.Event end = events.get(events.size() - 1);
		assertThat(end.name()).isEqualTo("failure");
		assertThat(end.data().path("state").asString()).isEqualTo("failed");
		assertThat(end.data().path("detail").asString()).contains("longer than the time limit");
	}

}
