package io.aki.client;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Checks names of endpoints, which become a segment of the URL's path.
 */
final class EndpointName {

	private static final Pattern PATH_SEGMENT = Pattern.compile("(?!\\.*$)[A-Za-z0-9._~-]+");

	private EndpointName() {
	}

	static String check(@Nullable String name) {
		Assert.hasText(name, "The endpoint's name must not be empty");
		Assert.isTrue(PATH_SEGMENT.matcher(name).matches(),
				() -> "'" + name + "' is not the name of an endpoint: it must be one path segment of letters, digits,"
						+ " '-', '_', '.' and '~', such as llama3_8b_chat. getEndpointList() returns the names");
		return name;
	}

	static String checkSetting(String name) {
		try {
			return check(name);
		}
		catch (IllegalArgumentException ex) {
			throw new AkiSettingException("endpoint", "is invalid: " + ex.getMessage());
		}
	}

}
