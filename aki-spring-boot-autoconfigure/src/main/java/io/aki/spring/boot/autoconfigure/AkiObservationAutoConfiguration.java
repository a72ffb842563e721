package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.client.AkiObservationConvention;
import io.aki.client.DefaultAkiObservationConvention;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for observations and meters of the
 * {@link AkiClient}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnBean(AkiProperties.class)
public final class AkiObservationAutoConfiguration {

	AkiObservationAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(AkiObservationConvention.class)
	DefaultAkiObservationConvention akiObservationConvention(AkiProperties properties) {
		AkiProperties.Observation observation = properties.getObservation();
		return new DefaultAkiObservationConvention(observation.isIncludePrompt(), observation.isIncludeCompletion());
	}

	/**
	 * Applied first, so that customizers of the user can change its settings.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@ConditionalOnBean(ObservationRegistry.class)
	AkiClientCustomizer akiObservationClientCustomizer(ObservationRegistry registry,
			AkiObservationConvention convention) {
		return (builder) -> builder.observationRegistry(registry).observationConvention(convention);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBean(MeterRegistry.class)
	static class MeterConfiguration {

		@Bean
		@ConditionalOnMissingBean
		AkiMeterObservationHandler akiMeterObservationHandler(MeterRegistry meterRegistry) {
			return new AkiMeterObservationHandler(meterRegistry);
		}

		@Bean
		@ConditionalOnMissingBean
		AkiRefusalMetrics akiRefusalMetrics() {
			return new AkiRefusalMetrics();
		}

		@Bean
		@ConditionalOnMissingBean
		static AkiActivityMetrics akiActivityMetrics(BeanFactory beanFactory) {
			return new AkiActivityMetrics(beanFactory);
		}

	}

}
