package io.aki.spring.web;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import java.util.List;

import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiCanceledException;
import io.aki.client.AkiConnectionException;
import io.aki.client.AkiException;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiLapsedException;
import io.aki.client.AkiPermissionException;
import io.aki.client.AkiRateLimitException;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiServerException;
import io.aki.client.AkiTaskRejectedException;
import io.aki.client.AkiTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.http.ProblemDetail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link AkiProblemDetails}.
 */
class AkiProblemDetailsTests {

	static Stream<Arguments> failures() {
		return Stream.of(arguments(new AkiBadRequestException("reason", 400, null), 400, "bad-request"),
				arguments(new AkiServerException("reason", 404, null), 404, "unknown-endpoint"),
				arguments(new AkiCanceledException("reason"), 409, "canceled"),
				arguments(new AkiJobFailedException("reason", 402, "j#1"), 410, "unknown-job"),
				arguments(new AkiRateLimitException("reason", 429, null), 429, "rate-limit"),
				arguments(new AkiRequestRefusedException("x", "reason"), 403, "refused"),
				arguments(new AkiRequestRefusedException("x", "reason", Duration.ofSeconds(2)), 429, "refused"),
				arguments(new AkiConnectionException("reason"), 502, "connection"),
				arguments(new AkiPermissionException("reason", 401, null), 502, "permission"),
				arguments(new AkiServerException("reason", 500, null), 502, "server"),
				arguments(new AkiJobFailedException("reason", null, "j#1"), 502, "job-failed"),
				arguments(new AkiServerException("reason", 503, null), 503, "unavailable"),
				arguments(new AkiLapsedException("reason"), 503, "unavailable"),
				arguments(new AkiTaskRejectedException("reason"), 503, "too-many-requests"),
				arguments(new AkiTimeoutException("reason"), 504, "timeout"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void everyFailureHasAStatusAndAType(RuntimeException failure, int status, String type) {
		ProblemDetail problem = AkiProblemDetails.of(failure);
		assertThat(problem.getStatus()).isEqualTo(status);
		assertThat(problem.getType()).hasToString("urn:problem-type:aki:" + type);
		assertThat(problem.getTitle()).isNotBlank();
		assertThat(problem.getDetail()).isNotBlank();
		String jobId = (failure instanceof AkiException exception) ? exception.jobId() : null;
		assertThat(problem.getProperties()).isEqualTo((jobId != null) ? Map.of("job_id", jobId) : null);
		assertThat(AkiProblemDetails.asMap(problem)).containsEntry("status", status)
			.containsEntry("detail", problem.getDetail());
	}

	@Test
	void failureThatNamesTheServerHasAGeneralDetail() {
		assertThat(AkiProblemDetails.of(new AkiConnectionException("Connection refused: https://10.0.0.5")).getDetail())
			.doesNotContain("10.0.0.5");
		assertThat(AkiProblemDetails.of(new AkiPermissionException("Key not valid")).getDetail()).doesNotContain("Key");
		String message = "Gave up. Its address is 10.0.0.5 ('aki.io.api-server')";
		assertThat(List.of(new AkiTimeoutException(message), new AkiCanceledException(message),
				new AkiServerException(message, 502, null), new AkiServerException(message, 503, null),
				new AkiRateLimitException(message)))
			.allSatisfy((failure) -> assertThat(AkiProblemDetails.of(failure).getDetail()).isNotBlank()
				.doesNotContain("10.0.0.5"));
	}

	@Test
	void refusalShowsItsReasonButNotTheAdviceForDevelopers() {
		AkiRequestRefusedException refusal = new AkiRequestRefusedException("x", "No budget left",
				Duration.ofMillis(2001), "The limit is 'aki.io.limits.x.max-jobs'");
		assertThat(AkiProblemDetails.of(refusal).getDetail()).isEqualTo("No budget left");
		assertThat(AkiProblemDetails.headers(refusal).getFirst("Retry-After")).isEqualTo("3");
		assertThat(AkiProblemDetails.headers(new AkiRequestRefusedException("x", "no", Duration.ZERO))
			.getFirst("Retry-After")).isEqualTo("1");
		assertThat(AkiProblemDetails.headers(new AkiRequestRefusedException("x", "no")).isEmpty()).isTrue();
	}

	@Test
	void otherExceptionsHaveNoDetail() {
		assertThat(AkiProblemDetails.of(new IllegalStateException("secret"))).isEqualTo(ProblemDetail.forStatus(500));
	}

}
