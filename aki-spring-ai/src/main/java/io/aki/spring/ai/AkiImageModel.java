package io.aki.spring.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

import io.aki.client.AkiCanceledException;
import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.client.AkiJob;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.content.Media;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.image.ImageResponseMetadata;
import org.springframework.ai.image.observation.DefaultImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationContext;
import org.springframework.ai.image.observation.ImageModelObservationConvention;
import org.springframework.ai.image.observation.ImageModelObservationDocumentation;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The image endpoints of AKI.IO as an {@link ImageModel}. Thread-safe. <pre class="code">
 * ImageModel model = AkiImageModel.builder(client)
 *     .options(AkiImageOptions.builder().model("z_image_turbo").build())
 *     .build();
 * ImageResponse response = model.call(new ImagePrompt("A cute robot on a beach"));
 * </pre>
 * <p>
 * The options of a prompt have priority over those of this model. The model of the
 * options is the name of the endpoint. Each image is a job of its own, which costs money.
 * If some of several jobs fail, the response contains the images of the others, and the
 * messages of the failures in its metadata under {@code failures}. If all fail, the call
 * fails. A request is never repeated if the server may have started its job. If the
 * thread of the call is interrupted, the jobs are canceled on the server.
 * <p>
 * To edit an image, add it to the message as a medium, and use an endpoint with the
 * parameter {@code image}, such as {@code qwen_image_edit}:
 * <code>new ImageMessage("Add a hat", null, List.of(media), Map.of())</code>. Media must
 * be data, because the server loads no URLs. The metadata of each image is an
 * {@link AkiImageGenerationMetadata}.
 *
 * @since 1.0.0
 */
public class AkiImageModel implements ImageModel {

	private static final Log logger = LogFactory.getLog(AkiImageModel.class);

	private static final ImageModelObservationConvention DEFAULT_CONVENTION = new DefaultImageModelObservationConvention();

	private static final String BASE64 = "b64_json";

	private static final String URL = "url";

	private final AkiClient client;

	private final AkiImageOptions options;

	private final ObservationRegistry observationRegistry;

	private final @Nullable ImageModelObservationConvention observationConvention;

	AkiImageModel(Builder builder) {
		this.client = builder.client;
		this.options = builder.options;
		this.observationRegistry = builder.observationRegistry;
		this.observationConvention = builder.observationConvention;
	}

	/**
	 * Create a builder.
	 * @param client the client that sends the requests; it is not closed by the model
	 * @return the builder
	 */
	public static Builder builder(AkiClient client) {
		return new Builder(client);
	}

	/**
	 * Return the options for prompts without the same options.
	 * @return the options
	 */
	public AkiImageOptions getOptions() {
		return this.options;
	}

	/**
	 * Generate or edit images and wait for them.
	 * @param prompt one or more messages, whose texts are joined, with at most one medium
	 * in all
	 * @return the images
	 * @throws AkiException if all requests or jobs fail
	 * @throws IllegalArgumentException if no endpoint is set, or for an option or a
	 * message that AKI.IO does not support
	 * @throws IllegalStateException if the calling thread is a thread of Reactor that
	 * must not block, or if the client is closed or has no key
	 */
	@Override
	public ImageResponse call(ImagePrompt prompt) {
		Assert.notNull(prompt, "'prompt' must not be null");
		AkiChatModel.assertMayBlock();
		AkiImageOptions resolved = (prompt.getOptions() != null)
				? this.options.mutate().merge(prompt.getOptions()).build() : this.options;
		String endpoint = endpoint(resolved);
		List<AkiParameters.Image> requests = requests(prompt.getInstructions(), resolved);
		ImageModelObservationContext context = ImageModelObservationContext.builder()
			.imagePrompt(new ImagePrompt(prompt.getInstructions(), resolved))
			.provider(AkiChatModel.PROVIDER)
			.build();
		ImageResponse response = observation(context).observe(() -> {
			ImageResponse images = response(execute(this.client.forEndpoint(endpoint), requests, resolved),
					URL.equals(resolved.getResponseFormat()));
			context.setResponse(images);
			return images;
		});
		return Objects.requireNonNull(response);
	}

	private Observation observation(ImageModelObservationContext context) {
		return ImageModelObservationDocumentation.IMAGE_MODEL_OPERATION.observation(this.observationConvention,
				DEFAULT_CONVENTION, () -> context, this.observationRegistry);
	}

	private static String endpoint(AkiImageOptions options) {
		String endpoint = options.getModel();
		Assert.isTrue(StringUtils.hasText(endpoint),
				"No endpoint is set. Set 'spring.ai.aki.image.model' or the model of the options to the name of an "
						+ "image endpoint. AkiClient.getEndpointList() returns the names");
		return endpoint;
	}

	private static List<AkiParameters.Image> requests(List<ImageMessage> messages, AkiImageOptions options) {
		int n = (options.getN() != null) ? options.getN() : 1;
		Assert.isTrue(n > 0, () -> "The number of images must be 1 or more but is " + n);
		Assert.isTrue(options.getStyle() == null,
				"AKI.IO has no parameter for the option 'style'. Describe the style in the prompt");
		String format = options.getResponseFormat();
		Assert.isTrue(format == null || format.equals(BASE64) || format.equals(URL),
				() -> "The response format must be 'b64_json' or 'url' but is '" + format + "'");
		List<AkiParameters.Image> requests = new ArrayList<>(n);
		for (int i = 0; i < n; i++) {
			requests.add(request(messages, options, i));
		}
		return requests;
	}

	private static AkiParameters.Image request(List<ImageMessage> messages, AkiImageOptions options, int index) {
		AkiParameters.Image request = AkiParameters
			.image(messages.stream().map(ImageMessage::getText).collect(Collectors.joining("\n")));
		List<Media> media = messages.stream().flatMap((message) -> message.getMedia().stream()).toList();
		Assert.isTrue(media.size() <= 1, () -> "A request can have one image to edit but has " + media.size()
				+ ". If your endpoint has parameters for more images, set them with AkiImageOptions.builder().param(…)");
		Assert.isTrue(messages.stream().allMatch((message) -> message.getWeight() == null),
				"AKI.IO has no weights for messages. Use AkiImageOptions.builder().negativePrompt(…) for what the "
						+ "image must not show");
		for (Media medium : media) {
			request = request.image(MediaData.of(medium));
		}
		if (options.getWidth() != null) {
			request = request.width(options.getWidth());
		}
		if (options.getHeight() != null) {
			request = request.height(options.getHeight());
		}
		if (options.getSeed() != null) {
			request = request.seed((options.getSeed() < 0) ? options.getSeed() : options.getSeed() + index);
		}
		if (options.getSteps() != null) {
			request = request.steps(options.getSteps());
		}
		if (options.getGuidance() != null) {
			request = request.set("guidance", options.getGuidance());
		}
		if (options.getNegativePrompt() != null) {
			request = request.negativePrompt(options.getNegativePrompt());
		}
		for (Map.Entry<String, Object> param : options.getParams().entrySet()) {
			request = request.set(param.getKey(), param.getValue());
		}
		return request;
	}

	/**
	 * Execute requests at the same time.
	 */
	private static Outcome execute(AkiClient endpoint, List<AkiParameters.Image> requests, AkiImageOptions options) {
		List<AkiJob> jobs = new ArrayList<>(requests.size());
		Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
		try {
			for (AkiParameters.Image request : requests) {
				jobs.add(endpoint.doApiRequestAsync(request, options.getProgressCallback()));
			}
			for (AkiJob job : jobs) {
				outcome.await(job);
			}
			return outcome;
		}
		catch (InterruptedException ex) {
			jobs.forEach(AkiJob::cancel);
			Thread.currentThread().interrupt();
			throw new AkiCanceledException("Interrupted while waiting for the images");
		}
		catch (RuntimeException | Error ex) {
			jobs.forEach(AkiJob::cancel);
			throw ex;
		}
	}

	private static ImageResponse response(Outcome outcome, boolean asUrl) {
		List<ImageGeneration> generations = new ArrayList<>();
		for (AkiResult result : outcome.results()) {
			result.images().forEach((image) -> generations.add(generation(image, result, asUrl)));
		}
		ImageResponseMetadata metadata = new ImageResponseMetadata();
		if (generations.isEmpty()) {
			throw outcome.failures().get(0);
		}
		if (!outcome.failures().isEmpty()) {
			List<String> failures = outcome.failures()
				.stream()
				.map((failure) -> String.valueOf(failure.getMessage()))
				.toList();
			logger.warn(failures.size() + " of the images could not be generated: " + failures);
			metadata.put("failures", failures);
		}
		return new ImageResponse(generations, metadata);
	}

	private static ImageGeneration generation(String dataUri, AkiResult result, boolean asUrl) {
		int comma = dataUri.indexOf(',');
		String base64 = dataUri.substring(comma + 1);
		String header = dataUri.substring(0, Math.max(0, comma)).toLowerCase(Locale.ROOT);
		String format = header.replaceAll("^data:[^/]*/|;.*$", "");
		Long seed = (result.get("seed") instanceof Number number) ? number.longValue() : null;
		return new ImageGeneration(new Image(asUrl ? dataUri : null, asUrl ? null : base64),
				new AkiImageGenerationMetadata(result.jobId(), seed, format,
						ChatResponses.duration(result.computeDuration())));
	}

	/**
	 * The results of the jobs that succeeded, and the failures of the others.
	 */
	private record Outcome(List<AkiResult> results, List<AkiException> failures) {

		void await(AkiJob job) throws InterruptedException {
			try {
				AkiResult result = job.result().get().orThrow();
				if (result.images().isEmpty()) {
					throw new AkiJobFailedException("The result contains no image [job " + result.jobId() + "]", null,
							result.jobId());
				}
				this.results.add(result);
			}
			catch (AkiException ex) {
				this.failures.add(ex);
			}
			catch (ExecutionException ex) {
				if (!(ex.getCause() instanceof AkiException failure)) {
					throw new IllegalStateException("The progress callback failed: " + ex.getCause(), ex.getCause());
				}
				this.failures.add(failure);
			}
		}

	}

	/**
	 * Builder for {@link AkiImageModel}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public static final class Builder {

		private final AkiClient client;

		private AkiImageOptions options = AkiImageOptions.builder().build();

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private @Nullable ImageModelObservationConvention observationConvention;

		private Builder(AkiClient client) {
			Assert.notNull(client, "'client' must not be null");
			this.client = client;
		}

		/**
		 * Set the options for prompts without the same options. There are none by
		 * default.
		 * @param options the options
		 * @return this builder
		 */
		public Builder options(AkiImageOptions options) {
			Assert.notNull(options, "'options' must not be null");
			this.options = options;
			return this;
		}

		/**
		 * Set the registry for Spring AI's observations. Without it there are none.
		 * @param observationRegistry the registry
		 * @return this builder
		 */
		public Builder observationRegistry(ObservationRegistry observationRegistry) {
			Assert.notNull(observationRegistry, "'observationRegistry' must not be null");
			this.observationRegistry = observationRegistry;
			return this;
		}

		/**
		 * Set the convention for Spring AI's observations.
		 * @param observationConvention the convention; {@code null} for Spring AI's
		 * default
		 * @return this builder
		 */
		public Builder observationConvention(@Nullable ImageModelObservationConvention observationConvention) {
			this.observationConvention = observationConvention;
			return this;
		}

		/**
		 * Create the model.
		 * @return the model
		 */
		public AkiImageModel build() {
			return new AkiImageModel(this);
		}

	}

}
