package io.aki.spring.ai;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.aki.client.AkiProgressCallback;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.image.ImageOptions;
import org.springframework.util.Assert;

/**
 * The options of an {@link AkiImageModel}. Immutable. An option that is not set is not
 * sent, so that the endpoint uses its default. An option of a prompt has priority over
 * the same option of the model.
 * <p>
 * The {@link #getModel() model} is the name of the endpoint. AKI.IO has no parameter for
 * the style.
 *
 * @since 1.0.0
 */
public final class AkiImageOptions implements ImageOptions {

	private final @Nullable String model;

	private final @Nullable Integer n;

	private final @Nullable Integer width;

	private final @Nullable Integer height;

	private final @Nullable String responseFormat;

	private final @Nullable String style;

	private final @Nullable Long seed;

	private final @Nullable Integer steps;

	private final @Nullable Double guidance;

	private final @Nullable String negativePrompt;

	private final @Nullable AkiProgressCallback progressCallback;

	private final Map<String, Object> params;

	private AkiImageOptions(Builder builder) {
		this.model = builder.model;
		this.n = builder.n;
		this.width = builder.width;
		this.height = builder.height;
		this.responseFormat = builder.responseFormat;
		this.style = builder.style;
		this.seed = builder.seed;
		this.steps = builder.steps;
		this.guidance = builder.guidance;
		this.negativePrompt = builder.negativePrompt;
		this.progressCallback = builder.progressCallback;
		this.params = Collections.unmodifiableMap(new LinkedHashMap<>(builder.params));
	}

	/**
	 * Create a builder without any option.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the name of the endpoint.
	 * @return the name, or {@code null} if not set
	 */
	@Override
	public @Nullable String getModel() {
		return this.model;
	}

	/**
	 * Return the number of images.
	 * @return the number, or {@code null} for the default, which is 1
	 */
	@Override
	public @Nullable Integer getN() {
		return this.n;
	}

	/**
	 * Return the width ({@code width}).
	 * @return the width in pixels, or {@code null} for the default of the endpoint
	 */
	@Override
	public @Nullable Integer getWidth() {
		return this.width;
	}

	/**
	 * Return the height ({@code height}).
	 * @return the height in pixels, or {@code null} for the default of the endpoint
	 */
	@Override
	public @Nullable Integer getHeight() {
		return this.height;
	}

	/**
	 * Return the form of the images in the response.
	 * @return {@code b64_json} or {@code url}; {@code null} for the default, which is
	 * {@code b64_json}
	 */
	@Override
	public @Nullable String getResponseFormat() {
		return this.responseFormat;
	}

	/**
	 * Return the style, for which AKI.IO has no parameter.
	 * @return the style, or {@code null}
	 */
	@Override
	public @Nullable String getStyle() {
		return this.style;
	}

	/**
	 * Return the seed of the random numbers ({@code seed}).
	 * @return the seed, or {@code null} for a random seed
	 */
	public @Nullable Long getSeed() {
		return this.seed;
	}

	/**
	 * Return the number of steps ({@code steps}).
	 * @return the number, or {@code null} for the default of the endpoint
	 */
	public @Nullable Integer getSteps() {
		return this.steps;
	}

	/**
	 * Return how closely the image follows the prompt ({@code guidance}).
	 * @return the value, or {@code null} for the default of the endpoint
	 */
	public @Nullable Double getGuidance() {
		return this.guidance;
	}

	/**
	 * Return what the image must not show ({@code negative_prompt}).
	 * @return the description, or {@code null} if there is none
	 */
	public @Nullable String getNegativePrompt() {
		return this.negativePrompt;
	}

	/**
	 * Return the callback for the progress of the jobs.
	 * @return the callback, or {@code null} if there is none
	 */
	public @Nullable AkiProgressCallback getProgressCallback() {
		return this.progressCallback;
	}

	/**
	 * Return the other parameters of the endpoint.
	 * @return an unmodifiable map from the API's own names to the values
	 */
	public Map<String, Object> getParams() {
		return this.params;
	}

	/**
	 * Create a builder with these options.
	 * @return the builder
	 */
	public Builder mutate() {
		return new Builder().merge(this);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof AkiImageOptions that && Objects.equals(this.model, that.model)
				&& Objects.equals(this.n, that.n) && Objects.equals(this.width, that.width)
				&& Objects.equals(this.height, that.height) && Objects.equals(this.responseFormat, that.responseFormat)
				&& Objects.equals(this.style, that.style) && Objects.equals(this.seed, that.seed)
				&& Objects.equals(this.steps, that.steps) && Objects.equals(this.guidance, that.guidance)
				&& Objects.equals(this.negativePrompt, that.negativePrompt)
				&& Objects.equals(this.progressCallback, that.progressCallback) && this.params.equals(that.params);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.model, this.n, this.width, this.height, this.responseFormat, this.style, this.seed,
				this.steps, this.guidance, this.negativePrompt, this.progressCallback, this.params);
	}

	@Override
	public String toString() {
		return "AkiImageOptions[model=" + this.model + ", n=" + this.n + ", width=" + this.width + ", height="
				+ this.height + "]";
	}

	/**
	 * Builder for {@link AkiImageOptions}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public static final class Builder {

		private @Nullable String model;

		private @Nullable Integer n;

		private @Nullable Integer width;

		private @Nullable Integer height;

		private @Nullable String responseFormat;

		private @Nullable String style;

		private @Nullable Long seed;

		private @Nullable Integer steps;

		private @Nullable Double guidance;

		private @Nullable String negativePrompt;

		private @Nullable AkiProgressCallback progressCallback;

		private Map<String, Object> params = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Set the name of the endpoint.
		 * @param model the name, such as {@code z_image_turbo}
		 * @return this builder
		 */
		public Builder model(@Nullable String model) {
			this.model = model;
			return this;
		}

		/**
		 * Set the number of images. Each image is a job of its own, which costs money.
		 * @param n the number, 1 or more; {@code null} for the default, which is 1
		 * @return this builder
		 */
		public Builder n(@Nullable Integer n) {
			this.n = n;
			return this;
		}

		/**
		 * Set the width ({@code width}).
		 * @param width the width in pixels, 1 or more; endpoints usually allow 128 to
		 * 2048
		 * @return this builder
		 */
		public Builder width(@Nullable Integer width) {
			this.width = width;
			return this;
		}

		/**
		 * Set the height ({@code height}).
		 * @param height the height in pixels, 1 or more; endpoints usually allow 128 to
		 * 2048
		 * @return this builder
		 */
		public Builder height(@Nullable Integer height) {
			this.height = height;
			return this;
		}

		/**
		 * Set the form of the images in the response.
		 * @param responseFormat {@code b64_json} for base64, {@code url} for a data URI;
		 * {@code null} for the default, which is {@code b64_json}
		 * @return this builder
		 */
		public Builder responseFormat(@Nullable String responseFormat) {
			this.responseFormat = responseFormat;
			return this;
		}

		/**
		 * Set the seed of the random numbers ({@code seed}). If there are several images,
		 * each further one has the next seed.
		 * @param seed the seed; {@code null} or -1 for a random seed
		 * @return this builder
		 */
		public Builder seed(@Nullable Long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Set the number of steps ({@code steps}). More steps take more time.
		 * @param steps the number, 1 or more
		 * @return this builder
		 */
		public Builder steps(@Nullable Integer steps) {
			this.steps = steps;
			return this;
		}

		/**
		 * Set how closely the image follows the prompt ({@code guidance}).
		 * @param guidance the value
		 * @return this builder
		 */
		public Builder guidance(@Nullable Double guidance) {
			this.guidance = guidance;
			return this;
		}

		/**
		 * Set what the image must not show ({@code negative_prompt}).
		 * @param negativePrompt the description
		 * @return this builder
		 */
		public Builder negativePrompt(@Nullable String negativePrompt) {
			this.negativePrompt = negativePrompt;
			return this;
		}

		/**
		 * Set a callback for the progress of the jobs. With several images it gets the
		 * progress of all jobs; the job's id tells them apart. It is called in a callback
		 * thread of the client, and it may be called for several jobs at the same time.
		 * @param progressCallback the callback
		 * @return this builder
		 */
		public Builder progressCallback(@Nullable AkiProgressCallback progressCallback) {
			this.progressCallback = progressCallback;
			return this;
		}

		/**
		 * Set any other parameter of the endpoint. It has priority over an option that
		 * sets the same parameter.
		 * @param name the API's own name, such as {@code image2image_strength}
		 * @param value the value, of the type that the endpoint declares
		 * @return this builder
		 */
		public Builder param(String name, Object value) {
			Assert.hasText(name, "'name' must not be empty");
			Assert.notNull(value, "'value' must not be null");
			this.params.put(name, value);
			return this;
		}

		/**
		 * Replace all other parameters of the endpoint.
		 * @param params a map from the API's own names to the values, not {@code null},
		 * copied
		 * @return this builder
		 */
		public Builder params(Map<String, ?> params) {
			Assert.notNull(params, "'params' must not be null");
			this.params = new LinkedHashMap<>();
			params.forEach(this::param);
			return this;
		}

		/**
		 * Replace the options that are set in other options.
		 */
		Builder merge(ImageOptions other) {
			this.model = (other.getModel() != null) ? other.getModel() : this.model;
			this.n = (other.getN() != null) ? other.getN() : this.n;
			this.width = (other.getWidth() != null) ? other.getWidth() : this.width;
			this.height = (other.getHeight() != null) ? other.getHeight() : this.height;
			this.responseFormat = (other.getResponseFormat() != null) ? other.getResponseFormat() : this.responseFormat;
			this.style = (other.getStyle() != null) ? other.getStyle() : this.style;
			if (other instanceof AkiImageOptions options) {
				this.seed = (options.seed != null) ? options.seed : this.seed;
				this.steps = (options.steps != null) ? options.steps : this.steps;
				this.guidance = (options.guidance != null) ? options.guidance : this.guidance;
				this.negativePrompt = (options.negativePrompt != null) ? options.negativePrompt : this.negativePrompt;
				this.progressCallback = (options.progressCallback != null) ? options.progressCallback
						: this.progressCallback;
				this.params.putAll(options.params);
			}
			return this;
		}

		/**
		 * Create the options.
		 * @return the options
		 */
		public AkiImageOptions build() {
			return new AkiImageOptions(this);
		}

	}

}
