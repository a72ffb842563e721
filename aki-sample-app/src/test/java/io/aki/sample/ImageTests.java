package io.aki.sample;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;

import javax.imageio.ImageIO;

import io.aki.client.AkiClient;
import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class ImageTests {

	private static final String IMAGES = "/api/images";

	private final AkiEmulator emulator;

	private final SampleClient sample;

	ImageTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.sample = new SampleClient(port);
	}

	@BeforeEach
	void forgetEarlierJobs() {
		this.emulator.reset();
	}

	@Test
	void answersWithThePicture() throws IOException {
		HttpResponse<String> response = this.sample.postJson(IMAGES,
				"{\"prompt\": \"A hill\", \"width\": 192, \"height\": 128, \"seed\": 7}");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode result = json(response.body());
		assertThat(result.path("success").asBoolean()).isTrue();
		assertThat(result.path("job_id").asString()).contains("#");
		assertThat(result.path("seed").asInt()).isEqualTo(7);
		BufferedImage image = ImageIO
			.read(new ByteArrayInputStream(AkiClient.decodeBinary(result.path("images").path(0).asString()).data()));
		assertThat(image.getWidth()).isEqualTo(192);
		assertThat(image.getHeight()).isEqualTo(128);
	}

	@Test
	void sameSeedMakesTheSamePicture() {
		String request = "{\"prompt\": \"A hill\", \"width\": 128, \"height\": 128, \"seed\": 7}";
		JsonNode first = json(this.sample.postJson(IMAGES, request).body());
		JsonNode second = json(this.sample.postJson(IMAGES, request).body());
		assertThat(first.path("images")).isNotEmpty().isEqualTo(second.path("images"));
		JsonNode other = json(this.sample.postJson(IMAGES, request.replace("7", "8")).body());
		assertThat(other.path("images")).isNotEmpty().isNotEqualTo(first.path("images"));
	}

	@Test
	void streamTellsTheProgressAndEndsWithThePicture() {
		List<Event> events = this.sample
			.stream(IMAGES + "/stream", "prompt=A hill", "width=128", "height=128", "seed=7")
			.all();
		assertThat(events).filteredOn((event) -> event.name().equals("progress"))
			.anySatisfy((event) -> assertThat(event.data().path("progress").asDouble()).isBetween(1.0, 99.0));
		Event done = events.get(events.size() - 1);
		assertThat(done.name()).isEqualTo("done");
		assertThat(done.data().path("images").path(0).asString()).startsWith("data:image/");
		assertThat(events).extracting(Event::id).containsOnly(this.emulator.jobs().get(0).id());
	}

	@Test
	void stopCancelsOnTheServer() {
		try (SseStream stream = this.sample.stream(IMAGES + "/stream", "prompt=HANG")) {
			assertThat(this.sample.post(IMAGES + "/cancel", "job_id=" + stream.next().id()).statusCode())
				.isEqualTo(200);
		}
		assertThat(this.emulator.jobs().get(0).state()).isEqualTo("canceled");
	}

	@Test
	void workersErrorIsABadGateway() {
		HttpResponse<String> response = this.sample.postJson(IMAGES, "{\"prompt\": \"FAIL\"}");
		assertThat(response.statusCode()).isEqualTo(502);
		assertThat(response.body()).contains("\"success\":false", "\"error\":\"CUDA out of memory\"");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{}                                         | prompt must not be blank
					{"prompt": " ", "width": 5}                | prompt must not be blank; width must be greater than or equal to 128
					{"prompt": "x", "height": 4096}            | height must be less than or equal to 2048
					{"prompt": "x", "seed": -2}                | seed must be greater than or equal to -1
					{"prompt": "x", "width": "wide"}           | The body must be a JSON object
					not json                                   | The body must be a JSON object
					""")
	void wrongRequestsAreRefused(String body, String message) {
		assertRefused(this.sample.postJson(IMAGES, body), message);
	}

	@Test
	void wrongStreamParametersAreRefused() {
		assertRefused(this.sample.get(IMAGES + "/stream", "prompt=x", "height=1"),
				"height must be greater than or equal to 128");
		assertRefused(this.sample.get(IMAGES + "/stream", "prompt=x", "width=wide"), "width must be a number");
	}

	private void assertRefused(HttpResponse<String> response, String message) {
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).startsWith("{\"success\":false,\"error\":\"" + message);
		assertThat(this.emulator.jobs()).isEmpty();
	}

	private JsonNode json(String body) {
		return new JsonMapper().readTree(body);
	}

}
