package io.aki.spring.boot.test;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorImageTests {

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@ParameterizedTest
	@CsvSource({ "z_image_turbo,JPEG", "qwen_image,PNG" })
	void theImageHasTheFormatAndTheSizeAskedFor(String endpoint, String format) throws IOException {
		JsonNode result = result(endpoint, Map.of("prompt", "a lake", "width", 320, "height", 192));
		String uri = result.get("images").get(0).asString();
		assertThat(uri).startsWith("data:image/" + format + ";base64,");
		BufferedImage image = decode(uri);
		assertThat(image.getWidth()).isEqualTo(320);
		assertThat(image.getHeight()).isEqualTo(192);
		assertThat(result.get("prompt").asString()).isEqualTo("a lake");
	}

	@Test
	void sizesAreBroughtIntoRangeAndAligned() throws IOException {
		JsonNode result = result("z_image_turbo", Map.of("prompt", "x", "width", 60, "height", 200));
		BufferedImage image = decode(result.get("images").get(0).asString());
		assertThat(image.getWidth()).isEqualTo(128);
		assertThat(image.getHeight()).isEqualTo(192);
	}

	@Test
	void samePromptSeedAndSizeGiveTheSameBytes() {
		Map<String, Object> params = Map.of("prompt", "a lake", "width", 128, "height", 128, "seed", 42);
		JsonNode first = result("z_image_turbo", params);
		JsonNode second = result("z_image_turbo", params);
		assertThat(second.get("images")).isEqualTo(first.get("images"));
		assertThat(first.get("seed").asInt()).isEqualTo(42);
	}

	@Test
	void anotherSeedGivesAnotherImage() {
		JsonNode first = result("z_image_turbo", Map.of("prompt", "a", "width", 128, "height", 128, "seed", 1));
		JsonNode second = result("z_image_turbo", Map.of("prompt", "a", "width", 128, "height", 128, "seed", 2));
		assertThat(second.get("images")).isNotEqualTo(first.get("images"));
	}

	@Test
	void aSeedThatIsDrawnIsReturned() {
		JsonNode drawn = result("z_image_turbo", Map.of("prompt", "a lake", "width", 128, "height", 128));
		long seed = drawn.get("seed").asLong();
		assertThat(seed).isNotNegative();
		JsonNode again = result("z_image_turbo", Map.of("prompt", "a lake", "width", 128, "height", 128, "seed", seed));
		assertThat(again.get("images")).isEqualTo(drawn.get("images"));
	}

	@Test
	void progressCountsSteps() {
		String job = this.client.start("qwen_image", Map.of("prompt", "a", "steps", 10));
		this.clock.advance(Duration.ofMillis(1500));
		JsonNode progress = this.client.poll("qwen_image", job).json().get("progress");
		assertThat(progress.at("/progress").asInt()).isEqualTo(50);
		assertThat(progress.at("/progress_data/progress_message").asString()).isEqualTo("step 5/10");
		assertThat(progress.get("progress_data").has("progress_images")).isFalse();
	}

	@Test
	void previewsComeOnRequest() throws IOException {
		String job = this.client.start("z_image_turbo",
				Map.of("prompt", "a", "width", 512, "height", 256, "provide_progress_images", "decoded"));
		this.clock.advance(Duration.ofMillis(1500));
		JsonNode data = this.client.poll("z_image_turbo", job).at("/progress/progress_data");
		BufferedImage preview = decode(data.at("/progress_images/0").asString());
		assertThat(preview.getWidth()).isEqualTo(128);
		assertThat(preview.getHeight()).isEqualTo(64);
	}

	@Test
	void anEditedImageIsTheGivenOneInAnotherColour() throws IOException {
		JsonNode result = result("qwen_image_edit", Map.of("prompt", "", "image", white(90, 60), "seed", 3));
		String uri = result.get("images").get(0).asString();
		assertThat(uri).startsWith("data:image/PNG;base64,");
		BufferedImage image = decode(uri);
		assertThat(image.getWidth()).isEqualTo(90);
		assertThat(image.getHeight()).isEqualTo(60);
		assertThat(image.getRGB(45, 30)).isNotEqualTo(Color.WHITE.getRGB());
	}

	@Test
	void anEditedImageTakesTheSizeAskedFor() throws IOException {
		Map<String, Object> params = new LinkedHashMap<>(Map.of("prompt", "wider", "image", white(90, 60)));
		params.put("width", 256);
		params.put("height", 128);
		BufferedImage image = decode(result("qwen_image_edit", params).get("images").get(0).asString());
		assertThat(image.getWidth()).isEqualTo(256);
		assertThat(image.getHeight()).isEqualTo(128);
	}

	@ParameterizedTest
	@CsvSource({ "no image at all", "'data:image/png;base64,AAAA'", "'data:image/png;base64,%%%'", "''" })
	void aBadImageIsRefused(String image) {
		EmulatorClient.Reply reply = this.client.call("qwen_image_edit", Map.of("prompt", "x", "image", image));
		assertThat(reply.status()).isEqualTo(400);
		assertThat(reply.at("/error/0").asString()).startsWith("Invalid value image=")
			.endsWith(": not a data URI with a readable image");
	}

	@Test
	void aCanceledImageBringsNone() {
		String job = this.client.start("z_image_turbo", Map.of("prompt", "a"));
		this.clock.advance(Duration.ofSeconds(1));
		JsonNode result = this.client.cancel("z_image_turbo", job).json().get("job_result");
		assertThat(result.has("images")).isFalse();
	}

	private JsonNode result(String endpoint, Map<String, ?> params) {
		String job = this.client.start(endpoint, params);
		this.clock.advance(Duration.ofSeconds(3));
		return this.client.poll(endpoint, job).json().get("job_result");
	}

	private static BufferedImage decode(String uri) throws IOException {
		byte[] bytes = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
		return ImageIO.read(new ByteArrayInputStream(bytes));
	}

	private static String white(int width, int height) throws IOException {
		BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
		for (int x = 0; x < width; x++) {
			for (int y = 0; y < height; y++) {
				image.setRGB(x, y, Color.WHITE.getRGB());
			}
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ImageIO.write(image, "png", bytes);
		return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

}
