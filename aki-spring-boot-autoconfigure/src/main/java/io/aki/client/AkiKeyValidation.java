package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Whether AKI.IO accepts an API key. The server answers 200 for a bad key too, so that
 * only {@link #success()} tells.
 *
 * @since 1.0.0
 */
public final class AkiKeyValidation extends DefaultAkiResponse {

	AkiKeyValidation(Map<String, @Nullable Object> wire, @Nullable Failure failure) {
		super(wire, OutputConversion.NONE, failure);
	}

	@Override
	public AkiKeyValidation orThrow() {
		throwIfFailed();
		return this;
	}

}
