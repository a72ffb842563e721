package io.aki.spring.web;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.springframework.core.io.Resource;
import org.springframework.util.DigestUtils;

/**
 * The resources of the JavaScript module for browsers.
 */
final class BrowserModule {

	static final String PATTERN = "/aki/{file:event-stream\\..+}";

	static final String LOCATION = "classpath:/io/aki/spring/web/browser/";

	private BrowserModule() {
	}

	/**
	 * Return the hash of a resource. The time of a file in a jar is no version: many
	 * tools that build images set it to a constant. The ETag is weak, because servers do
	 * not compress a response with a strong ETag.
	 */
	static String etag(Resource resource) {
		try {
			return "W/\"" + DigestUtils.md5DigestAsHex(resource.getContentAsByteArray()) + '"';
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
