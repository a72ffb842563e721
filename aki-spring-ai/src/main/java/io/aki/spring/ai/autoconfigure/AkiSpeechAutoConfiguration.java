package io.aki.spring.ai.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiSpeechModel;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;

import org.springframework.ai.audio.tts.TextToSpeechModel;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an {@link AkiSpeechModel}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnClass(TextToSpeechModel.class)
@ConditionalOnSingleCandidate(AkiClient.class)
@ConditionalOnProperty(name = SpringAIModelProperties.AUDIO_SPEECH_MODEL, havingValue = "aki", matchIfMissing = true)
@EnableConfigurationProperties(AkiSpeechProperties.class)
public final class AkiSpeechAutoConfiguration {

	AkiSpeechAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AkiSpeechModel akiSpeechModel(AkiClient client, AkiSpeechProperties properties) {
		return AkiSpeechModel.builder(client).options(properties.toOptions()).build();
	}

}
