package io.aki.spring.web;

/**
 * Where the JavaScript module for browsers is.
 */
final class BrowserModule {

	static final String PATTERN = "/aki/{file:event-stream\\..+}";

	static final String LOCATION = "classpath:/io/aki/spring/web/browser/";

	private BrowserModule() {
	}

}
