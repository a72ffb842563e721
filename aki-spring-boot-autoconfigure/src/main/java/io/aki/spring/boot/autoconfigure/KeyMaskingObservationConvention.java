package io.aki.spring.boot.autoconfigure;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.http.client.observation.ClientRequestObservationConvention;

/**
 * Delegates to the application's convention and masks the API key, which some routes have
 * in the query of their URL.
 */
class KeyMaskingObservationConvention implements ClientRequestObservationConvention {

	private static final Pattern KEY = Pattern.compile("(?:^|&)key=([^&]+)");

	private static final String MASK = "***";

	private final ClientRequestObservationConvention delegate;

	KeyMaskingObservationConvention(ClientRequestObservationConvention delegate) {
		this.delegate = delegate;
	}

	@Override
	public @Nullable String getName() {
		return this.delegate.getName();
	}

	@Override
	public @Nullable String getContextualName(ClientRequestObservationContext context) {
		String name = this.delegate.getContextualName(context);
		return (name != null) ? mask(name, key(context)) : null;
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ClientRequestObservationContext context) {
		return mask(this.delegate.getLowCardinalityKeyValues(context), key(context));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ClientRequestObservationContext context) {
		return mask(this.delegate.getHighCardinalityKeyValues(context), key(context));
	}

	/**
	 * Return the key as it is encoded in the URL.
	 */
	private static @Nullable String key(ClientRequestObservationContext context) {
		ClientHttpRequest request = context.getCarrier();
		URI uri = (request != null) ? request.getURI() : null;
		Matcher matcher = KEY.matcher((uri != null && uri.getRawQuery() != null) ? uri.getRawQuery() : "");
		return matcher.find() ? matcher.group(1) : null;
	}

	private static KeyValues mask(KeyValues values, @Nullable String key) {
		return (key != null) ? KeyValues
			.of(values.stream().map((value) -> KeyValue.of(value.getKey(), mask(value.getValue(), key))).toList())
				: values;
	}

	private static String mask(String text, @Nullable String key) {
		return (key != null) ? text.replace(key, MASK).replace(URLDecoder.decode(key, StandardCharsets.UTF_8), MASK)
				: text;
	}

}
