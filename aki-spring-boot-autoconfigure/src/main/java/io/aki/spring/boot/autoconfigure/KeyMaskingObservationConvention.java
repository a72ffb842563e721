package io.aki.spring.boot.autoconfigure;

import java.util.regex.Pattern;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;

/**
 * Observes as the application wants it, but without the API key, which some routes carry
 * in the query of their URL.
 */
class KeyMaskingObservationConvention implements ClientRequestObservationConvention {

	private static final Pattern KEY = Pattern.compile("([?&]key=)[^&#\\s]*");

	private final ClientRequestObservationConvention delegate;

	KeyMaskingObservationConvention(@Nullable ClientRequestObservationConvention delegate) {
		this.delegate = (delegate != null) ? delegate : new DefaultClientRequestObservationConvention();
	}

	@Override
	public @Nullable String getName() {
		return this.delegate.getName();
	}

	@Override
	public @Nullable String getContextualName(ClientRequestObservationContext context) {
		String name = this.delegate.getContextualName(context);
		return (name != null) ? mask(name) : null;
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ClientRequestObservationContext context) {
		return mask(this.delegate.getLowCardinalityKeyValues(context));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ClientRequestObservationContext context) {
		return mask(this.delegate.getHighCardinalityKeyValues(context));
	}

	private static KeyValues mask(KeyValues values) {
		return KeyValues
			.of(values.stream().map((value) -> KeyValue.of(value.getKey(), mask(value.getValue()))).toList());
	}

	private static String mask(String text) {
		return KEY.matcher(text).replaceAll("$1***");
	}

}
