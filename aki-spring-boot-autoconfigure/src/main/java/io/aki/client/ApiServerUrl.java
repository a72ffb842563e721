package io.aki.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.web.util.DefaultUriBuilderFactory;

/**
 * The checked base URL of the API, without a trailing slash and without {@code /api}.
 *
 * @param value the URL
 * @param decoded the URL for a URI template, which encodes it
 * @param hostAndPort the host and the port, for error messages
 */
record ApiServerUrl(String value, String decoded, String hostAndPort) {

	private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\..*|\\[::1\\]|.*\\.localhost",
			Pattern.CASE_INSENSITIVE);

	/** Characters that no encoding changes. */
	private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9.:/_~-]*");

	static final ApiServerUrl DEFAULT = of("https://aki.io");

	/**
	 * Check a URL and remove a trailing slash or {@code /api}.
	 * @throws AkiSettingException if the URL is invalid
	 */
	static ApiServerUrl of(@Nullable String url) {
		check(StringUtils.hasText(url), "must not be empty: it is the base URL, such as https://aki.io");
		String stripped = String.valueOf(url).strip().replaceAll("/+$", "").replaceAll("/api$", "");
		URI uri = uri(stripped);
		boolean http = uri != null
				&& ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
		check(http && uri != null && uri.getHost() != null,
				"must be an http or https URL with a host, such as https://aki.io, but is " + url);
		check(uri != null && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null,
				"must not contain a user, a query or a fragment: it is only the base URL, such as https://aki.io");
		check(isSentAsWritten(stripped),
				"must not contain a percent-encoded separator, brace or percent sign, but is " + url);
		return new ApiServerUrl(stripped, StringUtils.uriDecode(stripped, StandardCharsets.UTF_8), hostAndPort(uri));
	}

	private static void check(boolean condition, String message) {
		AkiSettingException.check(condition, "apiServer", message);
	}

	/**
	 * Return whether requests are sent to exactly this URL. The URL becomes part of a URI
	 * template, which is encoded again.
	 */
	private static boolean isSentAsWritten(String url) {
		if (UNRESERVED.matcher(url).matches()) {
			return true;
		}
		try {
			String template = StringUtils.uriDecode(url, StandardCharsets.UTF_8) + "/api";
			return new DefaultUriBuilderFactory().expand(template)
				.equals(URI.create(URI.create(url + "/api").toASCIIString()));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static @Nullable URI uri(String text) {
		try {
			return URI.create(text);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static String hostAndPort(@Nullable URI uri) {
		Assert.notNull(uri, "'uri' must not be null");
		int defaultPort = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
		return uri.getHost() + ":" + ((uri.getPort() != -1) ? uri.getPort() : defaultPort);
	}

	/**
	 * Return whether requests leave this machine without encryption.
	 */
	boolean isUnencrypted() {
		URI uri = URI.create(this.value);
		return "http".equalsIgnoreCase(uri.getScheme()) && !LOOPBACK.matcher(uri.getHost()).matches();
	}

	@Override
	public String toString() {
		return this.value;
	}

}
