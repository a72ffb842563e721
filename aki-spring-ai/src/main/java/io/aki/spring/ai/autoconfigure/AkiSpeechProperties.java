package io.aki.spring.ai.autoconfigure;

import java.util.Map;

import io.aki.spring.ai.AkiSpeechOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the speech model of AKI.IO.
 *
 * @param model Name of the speech endpoint, such as 'xttsv2'.
 * @param voice Voice as the endpoint names it, such as 'emma'.
 * @param language Language of the texts as the endpoint names it, such as 'en'.
 * @param format Format that the audio must have. A call fails before it starts a job if
 * the endpoint has another one.
 * @param params Other parameters of the endpoint, under the API's own names. A value that
 * is a number or a boolean is sent as such.
 */
@ConfigurationProperties("spring.ai.aki.speech")
record AkiSpeechProperties(@Nullable String model, @Nullable String voice, @Nullable String language,
		@Nullable String format, @DefaultValue Map<String, Object> params) {

	AkiSpeechOptions toOptions() {
		return AkiSpeechOptions.builder()
			.model(this.model)
			.voice(this.voice)
			.language(this.language)
			.format(this.format)
			.params(ParamValues.of(this.params))
			.build();
	}

}
