package io.aki.spring.web;

import org.springframework.http.CacheControl;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * Serves {@code /aki/event-stream.js} in WebFlux. For the auto-configuration.
 *
 * @since 1.0.0
 */
public final class AkiWebFluxConfigurer implements WebFluxConfigurer {

	/**
	 * Create a configurer.
	 */
	public AkiWebFluxConfigurer() {
	}

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler(BrowserModule.PATTERN)
			.addResourceLocations(BrowserModule.LOCATION)
			.setUseLastModified(false)
			.setEtagGenerator(BrowserModule::etag)
			.setCacheControl(CacheControl.noCache());
	}

}
