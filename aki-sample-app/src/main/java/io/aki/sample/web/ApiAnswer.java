package io.aki.sample.web;

import java.util.Set;

import io.aki.client.AkiResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

/**
 * Returns a response of AKI.IO to the caller with a matching HTTP status.
 */
public final class ApiAnswer {

	// errors that the caller can fix; other errors concern only this application and
	// AKI.IO
	private static final Set<Integer> CALLERS = Set.of(400, 404, 429);

	private ApiAnswer() {
	}

	public static <T extends AkiResponse> ResponseEntity<T> of(T answer) {
		return ResponseEntity.status(answer.success() ? HttpStatus.OK : failure(answer.errorCode())).body(answer);
	}

	private static HttpStatusCode failure(@Nullable Integer errorCode) {
		return (errorCode != null && CALLERS.contains(errorCode)) ? HttpStatusCode.valueOf(errorCode)
				: HttpStatus.BAD_GATEWAY;
	}

}
