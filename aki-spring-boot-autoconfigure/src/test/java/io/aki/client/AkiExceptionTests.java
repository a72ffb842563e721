package io.aki.client;

import java.util.function.Function;
import java.util.stream.Stream;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiException} and its subclasses.
 */
class AkiExceptionTests {

	private interface Full {

		AkiException create(String message, Integer errorCode, String jobId);

	}

	private record Type(Function<String, AkiException> simple, Full full) {

	}

	static Stream<Type> types() {
		return Stream.of(new Type(AkiBadRequestException::new, AkiBadRequestException::new),
				new Type(AkiCanceledException::new, AkiCanceledException::new),
				new Type(AkiConnectionException::new, AkiConnectionException::new),
				new Type(AkiJobFailedException::new, AkiJobFailedException::new),
				new Type(AkiLapsedException::new, AkiLapsedException::new),
				new Type(AkiPermissionException::new, AkiPermissionException::new),
				new Type(AkiRateLimitException::new, AkiRateLimitException::new),
				new Type(AkiServerException::new, AkiServerException::new),
				new Type(AkiTimeoutException::new, AkiTimeoutException::new));
	}

	@ParameterizedTest
	@MethodSource("types")
	void exceptionCanBeCreatedInATest(Type type) {
		AkiException simple = type.simple().apply("made up");
		assertThat(simple).hasMessage("made up");
		assertThat(simple.errorCode()).isNull();
		assertThat(simple.jobId()).isNull();
		AkiException full = type.full().create("made up", 429, "job#1");
		assertThat(full).hasMessage("made up").hasSameClassAs(simple);
		assertThat(full.errorCode()).isEqualTo(429);
		assertThat(full.jobId()).isEqualTo("job#1");
	}

	@Test
	void statusOfAResponseDecidesTheException() {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(100).build();
				AkiClient aki = AkiClient.builder()
					.apiServer(emulator.apiServer())
					.apiKey(emulator.apiKey())
					.endpoint("llama3_8b_chat")
					.build()) {
			assertException(emulator, aki, 408, AkiTimeoutException.class);
			assertException(emulator, aki, 409, AkiBadRequestException.class);
			assertException(emulator, aki, 413, AkiBadRequestException.class);
			assertException(emulator, aki, 422, AkiBadRequestException.class);
			assertException(emulator, aki, 403, AkiPermissionException.class);
		}
	}

	private static void assertException(AkiEmulator emulator, AkiClient aki, int status,
			Class<? extends AkiException> exception) {
		AkiParameters.Chat chat = AkiParameters.chat().user("Hello");
		for (AkiEmulatorFault fault : new AkiEmulatorFault[] { AkiEmulatorFault.status(status),
				AkiEmulatorFault.html(status) }) {
			emulator.faults().add(fault);
			assertThatExceptionOfType(exception).isThrownBy(() -> aki.doApiRequest(chat).orThrow())
				.satisfies((ex) -> assertThat(ex.errorCode()).isEqualTo(status));
			emulator.faults().add(fault);
			assertThatExceptionOfType(exception).isThrownBy(() -> aki.doApiRequestAwait(chat).orThrow())
				.satisfies((ex) -> assertThat(ex.errorCode()).isEqualTo(status));
		}
	}

}
