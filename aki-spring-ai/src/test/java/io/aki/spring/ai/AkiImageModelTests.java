package io.aki.spring.ai;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorRequest;
import org.junit.jupiter.api.Test;

import org.springframework.ai.content.Media;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageOptions;
import org.springframework.ai.image.ImageOptionsBuilder;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AkiImageModelTests extends EmulatorTest {

	private static final AkiImageOptions SMALL = AkiImageOptions.builder()
		.model("z_image_turbo")
		.width(128)
		.height(128)
		.build();

	private static AkiImageModel imageModel() {
		return AkiImageModel.builder(client).options(SMALL).build();
	}

	private static Image image(ImageResponse response) {
		return Objects.requireNonNull(response.getResult()).getOutput();
	}

	@Test
	void callReturnsTheImageAsBase64() {
		ImageResponse response = imageModel().call(new ImagePrompt("A cute robot"));
		assertThat(Base64.getDecoder().decode(image(response).getB64Json())).isNotEmpty();
		assertThat(image(response).getUrl()).isNull();
		assertThat(calls().get(0).params()).containsEntry("prompt", "A cute robot")
			.containsEntry("width", 128)
			.containsEntry("height", 128);
	}

	@Test
	void callReturnsTheImageAsUrlIfAskedFor() {
		ImageResponse response = imageModel()
			.call(new ImagePrompt("A cute robot", ImageOptionsBuilder.builder().responseFormat("url").build()));
		assertThat(image(response).getUrl()).startsWith("data:image/");
		assertThat(image(response).getB64Json()).isNull();
	}

	@Test
	void theMetadataContainsTheJobAndTheSeed() {
		ImageResponse response = imageModel()
			.call(new ImagePrompt("A cute robot", AkiImageOptions.builder().seed(42L).build()));
		assertThat(metadata(Objects.requireNonNull(response.getResult()))).satisfies((metadata) -> {
			assertThat(metadata.jobId()).isEqualTo(emulator.jobs().get(0).id());
			assertThat(metadata.seed()).isEqualTo(42);
			assertThat(metadata.format()).isEqualTo("jpeg");
			assertThat(metadata.computeDuration()).isPositive();
		});
	}

	private static AkiImageGenerationMetadata metadata(ImageGeneration generation) {
		return (AkiImageGenerationMetadata) generation.getMetadata();
	}

	@Test
	void severalImagesAreSeveralJobsWithSuccessiveSeeds() {
		Set<String> followed = ConcurrentHashMap.newKeySet();
		AkiImageOptions options = AkiImageOptions.builder()
			.n(3)
			.seed(10L)
			.progressCallback((info, data) -> followed.add(info.jobId()))
			.build();
		ImageResponse response = imageModel().call(new ImagePrompt("A cute robot", options));
		assertThat(response.getResults()).extracting((generation) -> metadata(generation).seed())
			.containsExactly(10L, 11L, 12L);
		assertThat(emulator.jobs()).hasSize(3).allMatch((job) -> followed.contains(job.id()));
	}

	@Test
	void aFailureOfOneOfSeveralImagesDoesNotLoseTheOthers() {
		emulator.faults().add(AkiEmulatorFault.workerError("out of memory").onPhase(AkiEmulatorFault.Phase.START));
		ImageResponse response = imageModel()
			.call(new ImagePrompt("A cute robot", AkiImageOptions.builder().n(3).build()));
		assertThat(response.getResults()).hasSize(2);
		assertThat(response.getMetadata().<List<String>>get("failures")).singleElement()
			.satisfies((failure) -> assertThat(failure).contains("out of memory"));
	}

	@Test
	void aFailureOfAllImagesIsAnException() {
		emulator.faults()
			.add(AkiEmulatorFault.workerError("out of memory").onPhase(AkiEmulatorFault.Phase.START).always());
		for (int n : new int[] { 1, 2 }) {
			assertThatExceptionOfType(AkiException.class)
				.isThrownBy(() -> imageModel().call(new ImagePrompt("A robot", AkiImageOptions.builder().n(n).build())))
				.withMessageContaining("out of memory");
		}
	}

	@Test
	void optionsAreSentUnderTheNamesOfTheApi() {
		AkiImageOptions options = AkiImageOptions.builder()
			.model("qwen_image")
			.steps(4)
			.guidance(3.5)
			.negativePrompt("text")
			.param("provide_progress_images", "none")
			.build();
		imageModel().call(new ImagePrompt("A cute robot", options));
		AkiEmulatorRequest call = calls().get(0);
		assertThat(call.path()).endsWith("qwen_image");
		assertThat(call.params()).containsEntry("steps", 4)
			.containsEntry("guidance", 3.5)
			.containsEntry("negative_prompt", "text")
			.containsEntry("provide_progress_images", "none")
			.containsEntry("width", 128);
	}

	@Test
	void anImageInTheMessageIsEdited() {
		byte[] image = TestImages.png();
		ImageMessage message = new ImageMessage("Add a hat", null,
				List.of(new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(image))), Map.of());
		ImageResponse response = AkiImageModel.builder(client)
			.build()
			.call(new ImagePrompt(message, AkiImageOptions.builder().model("qwen_image_edit").build()));
		assertThat(image(response).getB64Json()).isNotEmpty();
		assertThat(calls().get(0).params()).containsEntry("image", AkiClient.encodeBinary(image, "png"));
	}

	@Test
	void unsupportedOptionsAndMessagesFailBeforeARequest() {
		assertFails(new ImagePrompt("A robot", ImageOptionsBuilder.builder().style("vivid").build()), "style");
		assertFails(new ImagePrompt("A robot", ImageOptionsBuilder.builder().n(0).build()), "1 or more");
		assertFails(new ImagePrompt("A robot", ImageOptionsBuilder.builder().responseFormat("png").build()),
				"'b64_json' or 'url'");
		assertFails(new ImagePrompt(List.of(new ImageMessage("A robot", 1f))), "weights");
		Media media = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(TestImages.png()));
		assertFails(new ImagePrompt(List.of(new ImageMessage("A robot", null, List.of(media, media), Map.of()))),
				"has 2");
		assertThat(emulator.requests()).isEmpty();
	}

	private static void assertFails(ImagePrompt prompt, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> imageModel().call(prompt)).withMessageContaining(message);
	}

	@Test
	void withoutAnEndpointThereIsNoRequest() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> AkiImageModel.builder(client).build().call(new ImagePrompt("A robot")))
			.withMessageContaining("spring.ai.aki.image.model");
	}

	@Test
	void mutateKeepsEachOption() {
		AkiImageOptions options = AkiImageOptions.builder()
			.model("a")
			.n(2)
			.width(3)
			.height(4)
			.responseFormat("url")
			.seed(5L)
			.steps(6)
			.guidance(7.0)
			.negativePrompt("b")
			.progressCallback((info, data) -> {
			})
			.param("c", 8)
			.build();
		assertThat(options.mutate().build()).isEqualTo(options).hasSameHashCodeAs(options);
		ImageOptions other = options;
		assertThat(AkiImageOptions.builder().merge(other).build()).isEqualTo(options);
	}

}
