package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiRequestGuard;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link AkiRequestGuard} beans:
 * the limits of the properties {@code aki.io.limits.*}, and the user that guards see.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = { AkiAutoConfiguration.class, AkiObservationAutoConfiguration.class })
@ConditionalOnBean(AkiProperties.class)
public final class AkiRequestGuardAutoConfiguration {

	AkiRequestGuardAutoConfiguration() {
	}

	@Bean
	EndpointLimits akiEndpointLimits(AkiProperties properties, Environment environment,
			ObjectProvider<EndpointLimits.Listener> listener) {
		return new EndpointLimits(properties.getLimits(), environment::containsProperty,
				listener.getIfAvailable(() -> EndpointLimits.Listener.NONE), System::nanoTime);
	}

	@Bean
	AkiPrincipal akiPrincipal(ObjectProvider<AkiPrincipal.Source> sources) {
		return new AkiPrincipal(sources.orderedStream().toList());
	}

	/**
	 * Applied first, so that customizers of the user can change its settings.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	AkiClientCustomizer akiRequestGuardClientCustomizer(ObjectProvider<AkiRequestGuard> guards,
			AkiPrincipal principal) {
		return (builder) -> {
			builder.principal(principal::find);
			guards.orderedStream().filter((guard) -> !(guard instanceof EndpointLimits)).forEach(builder::requestGuard);
		};
	}

	/**
	 * Applied last, so that the limits do not count requests that another guard refuses.
	 */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	AkiClientCustomizer akiEndpointLimitsClientCustomizer(EndpointLimits limits) {
		return (builder) -> {
			if (!limits.isEmpty()) {
				builder.requestGuard(limits);
			}
		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityContextHolder.class)
	static class SecurityConfiguration {

		@Bean
		@Order(1)
		SecurityContextPrincipal akiSecurityContextPrincipal() {
			return new SecurityContextPrincipal();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HttpServletRequest.class)
	static class ServletConfiguration {

		@Bean
		@Order(2)
		ServletRequestPrincipal akiServletRequestPrincipal() {
			return new ServletRequestPrincipal();
		}

	}

}
