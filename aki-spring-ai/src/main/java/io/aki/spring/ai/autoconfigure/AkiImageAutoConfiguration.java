package io.aki.spring.ai.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiImageModel;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.observation.ImageModelObservationConvention;
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
 * {@link EnableAutoConfiguration Auto-configuration} for an {@link AkiImageModel}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnClass(ImageModel.class)
@ConditionalOnSingleCandidate(AkiClient.class)
@ConditionalOnProperty(name = SpringAIModelProperties.IMAGE_MODEL, havingValue = "aki", matchIfMissing = true)
@EnableConfigurationProperties(AkiImageProperties.class)
public final class AkiImageAutoConfiguration {

	AkiImageAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AkiImageModel akiImageModel(AkiClient client, AkiImageProperties properties,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<ImageModelObservationConvention> observationConvention) {
		return AkiImageModel.builder(client)
			.options(properties.toOptions())
			.observationRegistry(observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP))
			.observationConvention(observationConvention.getIfAvailable())
			.build();
	}

}
