package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of AKI.IO, as the
 * application's clients see it.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ AkiClient.class, AkiProperties.class })
@ConditionalOnEnabledHealthIndicator("aki")
public final class AkiHealthContributorAutoConfiguration
		extends CompositeHealthContributorConfiguration<AkiHealthIndicator, AkiClient> {

	AkiHealthContributorAutoConfiguration(AkiProperties properties) {
		super((client) -> {
			AkiProperties.Health health = properties.getHealth().checked();
			return new AkiHealthIndicator(client, health.getTimeToLive(), health.getTimeout());
		});
	}

	@Bean
	@ConditionalOnMissingBean(name = { "akiHealthIndicator", "akiHealthContributor" })
	HealthContributor akiHealthContributor(ConfigurableListableBeanFactory beanFactory) {
		return createContributor(beanFactory, AkiClient.class);
	}

}
