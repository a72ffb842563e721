package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.spring.web.AkiEventStreams;
import io.aki.spring.web.AkiExceptionHandler;
import io.aki.spring.web.AkiHandlerResultHandler;
import io.aki.spring.web.AkiWebFluxConfigurer;
import io.aki.spring.web.AkiWebMvcConfigurer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityResultHandler;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for controllers that return jobs or
 * event streams, and for problem details of failures.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnClass(AkiClient.class)
@ConditionalOnBooleanProperty(name = { "aki.io.enabled", "aki.io.web.enabled" }, matchIfMissing = true)
@EnableConfigurationProperties(AkiProperties.class)
public final class AkiWebAutoConfiguration {

	AkiWebAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AkiEventStreams akiEventStreams(AkiProperties properties) {
		return new AkiEventStreams(properties.getWeb().toSettings());
	}

	@Bean
	@ConditionalOnMissingBean
	AkiExceptionHandler akiExceptionHandler() {
		return new AkiExceptionHandler();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass(WebMvcConfigurer.class)
	static class WebMvcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		AkiWebMvcConfigurer akiWebMvcConfigurer(AkiEventStreams eventStreams) {
			return new AkiWebMvcConfigurer(eventStreams);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(WebFluxConfigurer.class)
	static class WebFluxConfiguration {

		@Bean
		@ConditionalOnMissingBean
		AkiWebFluxConfigurer akiWebFluxConfigurer() {
			return new AkiWebFluxConfigurer();
		}

		@Bean
		@ConditionalOnMissingBean
		AkiHandlerResultHandler akiHandlerResultHandler(AkiEventStreams eventStreams,
				ObjectProvider<ResponseEntityResultHandler> responseEntityResultHandler) {
			return new AkiHandlerResultHandler(eventStreams, responseEntityResultHandler::getObject);
		}

	}

}
