package io.aki.jokes;

import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiConnectionException;
import io.aki.client.AkiResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

// @formatter:off
// tag::stub[]
class StubbedJokesTests {

	private final AkiClient aki = mock(AkiClient.class);

	@BeforeEach
	void endpoints() {
		given(this.aki.forEndpoint(anyString())).willReturn(this.aki);
	}

	@Test
	void tellsTheJoke() {
		given(this.aki.doApiRequest(any()))
			.willReturn(AkiResult.of(Map.of("success", true, "text", "Knock, knock.")));
		assertThat(new Jokes(this.aki).tell()).isEqualTo("Knock, knock.");
	}

	@Test
	void apologizesWhenThereAreTooManyRequests() {
		given(this.aki.doApiRequest(any()))
			.willReturn(AkiResult.of(Map.of("success", false, "error", "Too many requests", "error_code", 429)));
		assertThat(new Jokes(this.aki).tell()).isEqualTo("No joke today");
	}

	@Test
	void passesExceptionsOn() {
		given(this.aki.doApiRequest(any())).willThrow(new AkiConnectionException("The server cannot be reached"));
		assertThatExceptionOfType(AkiConnectionException.class).isThrownBy(() -> new Jokes(this.aki).tell());
	}

}
// end::stub[]
// @formatter:on
