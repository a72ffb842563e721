package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The response to the validation of an API key. The server answers 200 for an invalid key
 * too, so that only {@link #success()} shows whether the key is valid.
 *
 * @since 1.0.0
 */
public final class AkiKeyValidation extends DefaultAkiResponse {

	AkiKeyValidation(Map<String, @Nullable Object> body, @Nullable Failure failure) {
		super(body, OutputConversion.NONE, failure);
	}

	@Override
	public AkiKeyValidation orThrow() {
		throwIfFailed();
		return this;
	}

}
