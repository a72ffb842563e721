package io.aki.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.web.util.HtmlUtils;
import org.springframework.web.util.UriUtils;

/**
 * The API keys of this module's tests. The logs of the tests are searched for these keys,
 * so that a test should use one of them.
 */
public final class TestKeys {

	/** The key that the emulator accepts. */
	public static final String KEY = "test-key";

	/** A key that is encoded differently in a URL, in JSON and in HTML. */
	public static final String STRANGE = "s3cr/et+k&y=\"7\\<z>%41'q";

	private static final List<String> OTHERS = List.of("the-secret", "wrong-secret", "a-secret", "very-secret",
			"se/cr+et&key");

	/** All forms in which the keys may occur. */
	private static final String[] FORMS = Stream.concat(Stream.of(KEY, STRANGE), OTHERS.stream())
		.flatMap((key) -> forms(key).stream())
		.toArray(String[]::new);

	private TestKeys() {
	}

	/**
	 * Return a key in its plain form, and in its forms in URLs, JSON and HTML.
	 */
	public static Set<String> forms(String key) {
		String json = key.replace("\\", "\\\\").replace("\"", "\\\"");
		String url = UriUtils.encode(key, StandardCharsets.UTF_8);
		return new LinkedHashSet<>(List.of(key, json, json.replace("/", "\\/"), url, url.toLowerCase(Locale.ROOT),
				URLEncoder.encode(key, StandardCharsets.UTF_8), UriUtils.encodeQueryParam(key, StandardCharsets.UTF_8),
				UriUtils.encodeQuery(key, StandardCharsets.UTF_8), HtmlUtils.htmlEscape(key),
				HtmlUtils.htmlEscapeHex(key)));
	}

	/**
	 * Return whether a text contains one of the keys.
	 */
	public static boolean isShownBy(String text) {
		for (String form : FORMS) {
			if (text.contains(form)) {
				return true;
			}
		}
		return false;
	}

}
