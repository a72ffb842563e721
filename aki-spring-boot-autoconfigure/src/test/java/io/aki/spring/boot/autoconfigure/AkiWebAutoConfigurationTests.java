package io.aki.spring.boot.autoconfigure;

import java.time.Duration;

import io.aki.spring.web.AkiEventStreams;
import io.aki.spring.web.AkiExceptionHandler;
import io.aki.spring.web.AkiHandlerResultHandler;
import io.aki.spring.web.AkiWebFluxConfigurer;
import io.aki.spring.web.AkiWebMvcConfigurer;
import io.aki.spring.web.AkiWebSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiWebAutoConfiguration}.
 */
class AkiWebAutoConfigurationTests {

	private static final AutoConfigurations OURS = AutoConfigurations.of(AkiAutoConfiguration.class,
			AkiWebAutoConfiguration.class, RestClientAutoConfiguration.class);

	private final WebApplicationContextRunner servletRunner = new WebApplicationContextRunner().withConfiguration(OURS)
		.withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner reactiveRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(OURS)
		.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class));

	@Test
	void servletApplication() {
		this.servletRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(AkiEventStreams.class)
			.hasSingleBean(AkiExceptionHandler.class)
			.hasSingleBean(AkiWebMvcConfigurer.class)
			.doesNotHaveBean(AkiWebFluxConfigurer.class)
			.doesNotHaveBean(AkiHandlerResultHandler.class));
	}

	@Test
	void reactiveApplication() {
		this.reactiveRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(AkiEventStreams.class)
			.hasSingleBean(AkiExceptionHandler.class)
			.hasSingleBean(AkiWebFluxConfigurer.class)
			.hasSingleBean(AkiHandlerResultHandler.class)
			.doesNotHaveBean(AkiWebMvcConfigurer.class));
	}

	@Test
	void otherApplication() {
		new ApplicationContextRunner().withConfiguration(OURS)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(AkiEventStreams.class)
				.doesNotHaveBean(AkiExceptionHandler.class));
	}

	@Test
	void servletApplicationWithoutReactor() {
		this.servletRunner.withClassLoader(new FilteredClassLoader(Flux.class, WebFluxConfigurer.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AkiWebMvcConfigurer.class));
	}

	@Test
	void servletApplicationWithoutSpringMvc() {
		new WebApplicationContextRunner().withConfiguration(OURS)
			.withClassLoader(new FilteredClassLoader(WebMvcConfigurer.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(AkiWebMvcConfigurer.class));
	}

	@ParameterizedTest
	@CsvSource({ "aki.io.enabled", "aki.io.web.enabled" })
	void canBeSwitchedOff(String property) {
		this.servletRunner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(AkiEventStreams.class)
				.doesNotHaveBean(AkiWebMvcConfigurer.class));
	}

	@Test
	void beansOfTheApplicationArePreferred() {
		this.servletRunner.withUserConfiguration(OwnBeans.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(AkiEventStreams.class)
				.isSameAs(context.getBean("ownEventStreams")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			aki.io.web.heartbeat | 0s | 15s
			aki.io.web.heartbeat | -1s | 15s
			aki.io.web.reconnect-timeout | -1s | from 0 to
			aki.io.web.token-secret | short-one | at least 16 characters
			""")
	void invalidSettingStopsTheStart(String property, String value, String reason) {
		this.servletRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo(property);
					assertThat(failure.getReason()).contains(reason);
				})
				.hasMessageNotContaining("short-one"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		AkiEventStreams ownEventStreams() {
			return new AkiEventStreams(new AkiWebSettings(Duration.ofSeconds(1), Duration.ZERO, null));
		}

	}

}
