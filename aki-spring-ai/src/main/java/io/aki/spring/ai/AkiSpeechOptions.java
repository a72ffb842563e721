package io.aki.spring.ai;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.audio.tts.TextToSpeechOptions;
import org.springframework.util.Assert;

/**
 * The options of an {@link AkiSpeechModel}. Immutable. An option that is not set is not
 * sent, so that the endpoint uses its default. An option of a prompt has priority over
 * the same option of the model.
 * <p>
 * The {@link #getModel() model} is the name of the endpoint. AKI.IO has no parameter for
 * the speed.
 *
 * @since 1.0.0
 */
public final class AkiSpeechOptions implements TextToSpeechOptions {

	private final @Nullable String model;

	private final @Nullable String voice;

	private final @Nullable String language;

	private final @Nullable String format;

	private final @Nullable Double speed;

	private final Map<String, Object> params;

	private AkiSpeechOptions(Builder builder) {
		this.model = builder.model;
		this.voice = builder.voice;
		this.language = builder.language;
		this.format = builder.format;
		this.speed = builder.speed;
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
	 * Return the voice ({@code voice}).
	 * @return the voice, or {@code null} for the default of the endpoint
	 */
	@Override
	public @Nullable String getVoice() {
		return this.voice;
	}

	/**
	 * Return the language of the text ({@code language}).
	 * @return the language, or {@code null} for the default of the endpoint
	 */
	public @Nullable String getLanguage() {
		return this.language;
	}

	/**
	 * Return the format that the audio must have.
	 * @return the format, or {@code null} for the format of the endpoint
	 */
	@Override
	public @Nullable String getFormat() {
		return this.format;
	}

	/**
	 * Return the speed, for which AKI.IO has no parameter.
	 * @return the speed, or {@code null}
	 */
	@Override
	public @Nullable Double getSpeed() {
		return this.speed;
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
		return other instanceof AkiSpeechOptions that && Objects.equals(this.model, that.model)
				&& Objects.equals(this.voice, that.voice) && Objects.equals(this.language, that.language)
				&& Objects.equals(this.format, that.format) && Objects.equals(this.speed, that.speed)
				&& this.params.equals(that.params);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.model, this.voice, this.language, this.format, this.speed, this.params);
	}

	@Override
	public String toString() {
		return "AkiSpeechOptions[model=" + this.model + ", voice=" + this.voice + ", language=" + this.language + "]";
	}

	/**
	 * Builder for {@link AkiSpeechOptions}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public static final class Builder implements TextToSpeechOptions.Builder {

		private @Nullable String model;

		private @Nullable String voice;

		private @Nullable String language;

		private @Nullable String format;

		private @Nullable Double speed;

		private Map<String, Object> params = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Set the name of the endpoint.
		 * @param model the name, such as {@code xttsv2}
		 * @return this builder
		 */
		@Override
		public Builder model(@Nullable String model) {
			this.model = model;
			return this;
		}

		/**
		 * Set the voice ({@code voice}).
		 * @param voice the voice as the endpoint names it, such as {@code emma}
		 * @return this builder
		 */
		@Override
		public Builder voice(@Nullable String voice) {
			this.voice = voice;
			return this;
		}

		/**
		 * Set the language of the text ({@code language}).
		 * @param language the language as the endpoint names it, such as {@code de}
		 * @return this builder
		 */
		public Builder language(@Nullable String language) {
			this.language = language;
			return this;
		}

		/**
		 * Set the format that the audio must have. An endpoint has one format, and the
		 * client does not convert it. If the endpoint declares another format, the call
		 * fails before it starts a job.
		 * @param format the format, such as {@code wav}; {@code null} for the format of
		 * the endpoint
		 * @return this builder
		 */
		@Override
		public Builder format(@Nullable String format) {
			this.format = format;
			return this;
		}

		/**
		 * Set the speed. AKI.IO has no parameter for it: a call with another speed than 1
		 * fails before it starts a job.
		 * @param speed the speed, or {@code null}
		 * @return this builder
		 */
		@Override
		public Builder speed(@Nullable Double speed) {
			this.speed = speed;
			return this;
		}

		/**
		 * Set any other parameter of the endpoint. It has priority over an option that
		 * sets the same parameter.
		 * @param name the API's own name
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
		Builder merge(TextToSpeechOptions other) {
			this.model = (other.getModel() != null) ? other.getModel() : this.model;
			this.voice = (other.getVoice() != null) ? other.getVoice() : this.voice;
			this.format = (other.getFormat() != null) ? other.getFormat() : this.format;
			this.speed = (other.getSpeed() != null) ? other.getSpeed() : this.speed;
			if (other instanceof AkiSpeechOptions options) {
				this.language = (options.language != null) ? options.language : this.language;
				this.params.putAll(options.params);
			}
			return this;
		}

		/**
		 * Create the options.
		 * @return the options
		 */
		@Override
		public AkiSpeechOptions build() {
			return new AkiSpeechOptions(this);
		}

	}

}
