package io.aki.spring.ai.autoconfigure;

import java.util.Map;

import io.aki.spring.ai.AkiChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the chat model of AKI.IO.
 *
 * @param model Name of the chat endpoint, such as 'llama3_8b_chat'. The value of
 * 'aki.io.endpoint' if not set.
 * @param maxTokens Maximum number of tokens of an answer.
 * @param temperature How much the answers vary, 0 or more. Many endpoints allow at most
 * 1.
 * @param topK Number of most probable tokens from which the next token is chosen.
 * @param topP Sum of the probabilities of the most probable tokens from which the next
 * token is chosen, 0 to 1.
 * @param outputFormat Format of the text that the server sends.
 * @param streamProgress Whether a stream contains the progress of the job as responses
 * with an empty text.
 * @param params Other parameters of the endpoint, under the API's own names. A value that
 * is a number or a boolean is sent as such.
 */
@ConfigurationProperties("spring.ai.aki.chat")
record AkiChatProperties(@Nullable String model, @Nullable Integer maxTokens, @Nullable Double temperature,
		@Nullable Integer topK, @Nullable Double topP, @Nullable String outputFormat,
		@DefaultValue("false") boolean streamProgress, @DefaultValue Map<String, Object> params) {

	AkiChatOptions toOptions() {
		return AkiChatOptions.builder()
			.model(this.model)
			.maxTokens(this.maxTokens)
			.temperature(this.temperature)
			.topK(this.topK)
			.topP(this.topP)
			.outputFormat(this.outputFormat)
			.streamProgress(this.streamProgress)
			.params(ParamValues.of(this.params))
			.build();
	}

}
