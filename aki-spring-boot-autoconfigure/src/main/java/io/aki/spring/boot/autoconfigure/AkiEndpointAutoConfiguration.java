package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the actuator's information about
 * the {@link AkiClient}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnSingleCandidate(AkiClient.class)
@ConditionalOnBean(AkiProperties.class)
public final class AkiEndpointAutoConfiguration {

	AkiEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "akiInfoContributor")
	@ConditionalOnEnabledInfoContributor("aki")
	InfoContributor akiInfoContributor(AkiClient akiClient) {
		return new AkiInfoContributor(akiClient);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	AkiActuatorEndpoint akiEndpoint(AkiClient akiClient, AkiProperties properties) {
		return new AkiActuatorEndpoint(akiClient, properties.getHealth().checked().getTimeout());
	}

}
