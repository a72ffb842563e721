package io.aki.spring.web;

import java.util.List;

import org.springframework.http.CacheControl;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets controllers of Spring MVC return jobs and event streams, and serves
 * {@code /aki/event-stream.js}. For the auto-configuration.
 *
 * @since 1.0.0
 */
public final class AkiWebMvcConfigurer implements WebMvcConfigurer {

	private final AkiEventStreams eventStreams;

	/**
	 * Create a configurer.
	 * @param eventStreams opens the streams
	 */
	public AkiWebMvcConfigurer(AkiEventStreams eventStreams) {
		this.eventStreams = eventStreams;
	}

	@Override
	public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
		handlers.add(new AkiReturnValueHandler(this.eventStreams));
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
