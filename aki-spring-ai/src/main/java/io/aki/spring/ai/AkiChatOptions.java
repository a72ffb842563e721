package io.aki.spring.ai;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.util.Assert;

/**
 * The options of an {@link AkiChatModel}. Immutable. An option that is not set is not
 * sent, so that the endpoint uses its default.
 * <p>
 * The {@link #getModel() model} is the name of the endpoint. AKI.IO has no parameters for
 * the frequency penalty, the presence penalty and stop sequences: a request with one of
 * these options (and a penalty other than 0) fails before it is sent.
 *
 * @since 1.0.0
 */
public final class AkiChatOptions extends DefaultToolCallingChatOptions {

	private final @Nullable String outputFormat;

	private final @Nullable Boolean streamProgress;

	private final Map<String, Object> params;

	private AkiChatOptions(ToolCallingChatOptions common, @Nullable String outputFormat,
			@Nullable Boolean streamProgress, Map<String, Object> params) {
		super(common.getToolCallbacks(), common.getToolContext(), common.getModel(), common.getFrequencyPenalty(),
				common.getMaxTokens(), common.getPresencePenalty(), common.getStopSequences(), common.getTemperature(),
				common.getTopK(), common.getTopP());
		this.outputFormat = outputFormat;
		this.streamProgress = streamProgress;
		this.params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
	}

	/**
	 * Create a builder without any option.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return options of any type as options of this type.
	 */
	static AkiChatOptions of(ChatOptions options) {
		if (options instanceof AkiChatOptions akiOptions) {
			return akiOptions;
		}
		Builder builder = builder().model(options.getModel())
			.frequencyPenalty(options.getFrequencyPenalty())
			.maxTokens(options.getMaxTokens())
			.presencePenalty(options.getPresencePenalty())
			.stopSequences(options.getStopSequences())
			.temperature(options.getTemperature())
			.topK(options.getTopK())
			.topP(options.getTopP());
		if (options instanceof ToolCallingChatOptions toolOptions) {
			builder.toolCallbacks(toolOptions.getToolCallbacks()).toolContext(toolOptions.getToolContext());
		}
		return builder.build();
	}

	/**
	 * Return the form of the server's text ({@code chat_output_format}).
	 * @return {@code chatml}, {@code raw} or {@code json}; {@code null} for the default
	 * of the endpoint, which is {@code chatml}
	 */
	public @Nullable String getOutputFormat() {
		return this.outputFormat;
	}

	/**
	 * Return whether a stream contains the progress of the job as responses with an empty
	 * text.
	 * @return {@code true} if it does; {@code null} for the default, which is
	 * {@code false}
	 * @see AkiChatModel#stream
	 */
	public @Nullable Boolean getStreamProgress() {
		return this.streamProgress;
	}

	/**
	 * Return the other parameters of the endpoint.
	 * @return an unmodifiable map from the API's own names to the values
	 */
	public Map<String, Object> getParams() {
		return this.params;
	}

	@Override
	public Builder mutate() {
		return new Builder().model(getModel())
			.frequencyPenalty(getFrequencyPenalty())
			.maxTokens(getMaxTokens())
			.presencePenalty(getPresencePenalty())
			.stopSequences(getStopSequences())
			.temperature(getTemperature())
			.topK(getTopK())
			.topP(getTopP())
			.toolCallbacks(getToolCallbacks())
			.toolContext(getToolContext())
			.outputFormat(this.outputFormat)
			.streamProgress(this.streamProgress)
			.params(this.params);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return super.equals(other) && other instanceof AkiChatOptions that
				&& Objects.equals(this.outputFormat, that.outputFormat)
				&& Objects.equals(this.streamProgress, that.streamProgress) && this.params.equals(that.params);
	}

	@Override
	public int hashCode() {
		return Objects.hash(super.hashCode(), this.outputFormat, this.streamProgress, this.params);
	}

	/**
	 * Builder for {@link AkiChatOptions}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder> {

		private @Nullable String outputFormat;

		private @Nullable Boolean streamProgress;

		private Map<String, Object> params = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Set the form of the server's text ({@code chat_output_format}). The text of a
		 * response is the answer with each of them; {@code raw} does not separate the
		 * reasoning.
		 * @param outputFormat {@code chatml}, {@code raw} or {@code json}; {@code null}
		 * for the default of the endpoint
		 * @return this builder
		 */
		public Builder outputFormat(@Nullable String outputFormat) {
			this.outputFormat = outputFormat;
			return this;
		}

		/**
		 * Set whether a stream contains the progress of the job as responses with an
		 * empty text.
		 * @param streamProgress {@code true} to get the progress; {@code null} for the
		 * default, which is {@code false}
		 * @return this builder
		 * @see AkiChatModel#stream
		 */
		public Builder streamProgress(@Nullable Boolean streamProgress) {
			this.streamProgress = streamProgress;
			return this;
		}

		/**
		 * Set any other parameter of the endpoint. It has priority over an option that
		 * sets the same parameter.
		 * @param name the API's own name, such as {@code max_gen_tokens}
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

		@Override
		public Builder combineWith(ChatOptions.Builder<?> other) {
			super.combineWith(other);
			if (other instanceof Builder that) {
				this.outputFormat = (that.outputFormat != null) ? that.outputFormat : this.outputFormat;
				this.streamProgress = (that.streamProgress != null) ? that.streamProgress : this.streamProgress;
				this.params.putAll(that.params);
			}
			return this;
		}

		@Override
		public Builder clone() {
			Builder copy = super.clone();
			copy.params = new LinkedHashMap<>(this.params);
			return copy;
		}

		@Override
		public AkiChatOptions build() {
			return new AkiChatOptions(super.build(), this.outputFormat, this.streamProgress, this.params);
		}

	}

}
