package io.aki.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.AkiClient;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
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
 * application's default clients see it.
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
		Map<String, AkiClient> clients = new LinkedHashMap<>();
		beanFactory.getBeansOfType(AkiClient.class, false, true).forEach((name, client) -> {
			if (isDefaultCandidate(beanFactory, name)) {
				clients.put(name, client);
			}
		});
		return createContributor(clients);
	}

	/**
	 * Other clients are for special purposes, and would double the requests.
	 */
	private static boolean isDefaultCandidate(ConfigurableListableBeanFactory beanFactory, String name) {
		return !(beanFactory.containsBeanDefinition(name)
				&& beanFactory.getMergedBeanDefinition(name) instanceof AbstractBeanDefinition definition)
				|| (definition.isAutowireCandidate() && definition.isDefaultCandidate());
	}

}
