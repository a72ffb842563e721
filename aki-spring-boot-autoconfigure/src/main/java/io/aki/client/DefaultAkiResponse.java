package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A response of the API that may be a failure.
 */
abstract class DefaultAkiResponse extends ResponseView implements AkiResponse {

	private final @Nullable Failure failure;

	DefaultAkiResponse(Map<String, @Nullable Object> body, OutputConversion conversion, @Nullable Failure failure) {
		super((failure != null) ? failure.writtenInto(body) : body, conversion);
		this.failure = failure;
	}

	@Override
	public boolean success() {
		return this.failure == null;
	}

	@Override
	public @Nullable String error() {
		return (this.failure != null) ? this.failure.error() : null;
	}

	@Override
	public @Nullable Integer errorCode() {
		return (this.failure != null) ? this.failure.status() : null;
	}

	final @Nullable Failure failure() {
		return this.failure;
	}

	final void throwIfFailed() {
		if (this.failure != null) {
			throw this.failure.toException(string("job_id"));
		}
	}

	@Override
	public String toString() {
		String outcome = (this.failure != null) ? "failure: " + this.failure.error() : "success";
		return getClass().getSimpleName() + "[" + outcome + "]";
	}

}
