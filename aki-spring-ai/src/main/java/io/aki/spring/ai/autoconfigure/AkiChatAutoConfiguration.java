package io.aki.spring.ai.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiChatModel;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an {@link AkiChatModel}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnClass(ChatModel.class)
@ConditionalOnSingleCandidate(AkiClient.class)
@ConditionalOnProperty(name = SpringAIModelProperties.CHAT_MODEL, havingValue = "aki", matchIfMissing = true)
@EnableConfigurationProperties(AkiChatProperties.class)
public final class AkiChatAutoConfiguration {

	AkiChatAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AkiChatModel akiChatModel(AkiClient client, AkiChatProperties properties,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ChatModelObservationConvention> observationConvention) {
		return AkiChatModel.builder(client)
			.options(properties.toOptions())
			.observationRegistry(observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP))
			.observationConvention(observationConvention.getIfAvailable())
			.build();
	}

}
