package io.aki.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.aki.client.ApiOutcome.Answer;
import io.aki.client.ApiOutcome.NoAnswer;
import io.aki.client.http.ExchangeFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Tells good answers from bad ones, and reads the server's error texts.
 */
final class ResponseReader {

	private static final Set<String> ACCEPTANCE = Set.of("success", "job_id", "ep_version");

	private ResponseReader() {
	}

	/**
	 * Return why an exchange failed.
	 * @return the failure, or {@code null} if the answer is a good one
	 */
	static @Nullable Failure failure(ApiOutcome outcome) {
		if (outcome instanceof NoAnswer none) {
			return failure(none);
		}
		Answer answer = (Answer) outcome;
		if (answer.status() >= 400) {
			String text = errorText(answer.body());
			return Failure.ofStatus(answer.status(), (text != null) ? text : statusLine(answer.status()));
		}
		return failure(answer.body());
	}

	/**
	 * Return why a job failed according to its result. A worker's error comes with
	 * {@code success: true}.
	 */
	static @Nullable Failure failure(Map<String, @Nullable Object> body) {
		String error = text(body.get("error"));
		if (error == null && (!body.containsKey("success") || isTrue(body.get("success")))) {
			return null;
		}
		String text = errorText(body);
		return new Failure(Failure.Kind.JOB_FAILED,
				(text != null) ? text : "The server reports a failure without a reason");
	}

	/**
	 * Return whether something in an answer, or in its result, may become the text of an
	 * error: of an answer that says no success, the names.
	 */
	static boolean containsError(Answer answer) {
		return !answer.body().containsKey("success") || failure(answer) != null
				|| (answer.body().get("job_result") instanceof Map<?, ?> result
						&& failure(WireJson.object(result)) != null);
	}

	static boolean isTrue(@Nullable Object success) {
		return Boolean.parseBoolean(String.valueOf(success));
	}

	/**
	 * Return why the validation of a key failed: it succeeds if the server says so.
	 */
	static @Nullable Failure failureOfKey(ApiOutcome outcome) {
		Failure failure = failure(outcome);
		if (failure == null && !isTrue(body(outcome).get("success"))) {
			return foreign("no 'success'", outcome);
		}
		return (failure != null && failure.kind() == Failure.Kind.JOB_FAILED)
				? new Failure(Failure.Kind.PERMISSION, failure.error()) : failure;
	}

	/**
	 * Return why a question failed whose answer must have a certain value.
	 */
	static @Nullable Failure failureWithout(String name, Class<?> type, ApiOutcome outcome) {
		Failure failure = failure(outcome);
		return (failure != null || type.isInstance(body(outcome).get(name))) ? failure
				: foreign("no '" + name + "'", outcome);
	}

	private static Failure foreign(String missing, ApiOutcome outcome) {
		return new Failure(Failure.Kind.CONNECTION, "The server's answer contains " + missing + ", only "
				+ body(outcome).keySet() + ". Is 'aki.io.api-server' the address of AKI.IO?");
	}

	private static Failure failure(NoAnswer none) {
		Failure.Kind kind = switch (none.kind()) {
			case TIMED_OUT, NOT_SENT -> Failure.Kind.TIMEOUT;
			case INTERRUPTED -> Failure.Kind.CANCELED;
			default -> Failure.Kind.CONNECTION;
		};
		if (none.status() >= 400 && none.kind() == ExchangeFailure.NOT_API_JSON) {
			Failure ofStatus = Failure.ofStatus(none.status(), none.message());
			return new Failure(ofStatus.kind(), ofStatus.error(), ofStatus.status(), none.cause());
		}
		return new Failure(kind, none.message(), null, none.cause());
	}

	/**
	 * Return whether an answer is more than the acceptance of a job.
	 */
	private static boolean isResult(Map<String, @Nullable Object> body) {
		return isTrue(body.get("success")) && !ACCEPTANCE.containsAll(body.keySet());
	}

	/**
	 * Return why a job could not be started, with a warning where it may have been.
	 */
	static Failure ofStart(ApiOutcome outcome, Failure failure) {
		boolean unsure = mayHaveStarted(outcome);
		return unsure ? new Failure(failure.kind(),
				failure.error() + ". The server may have started the job, so it was not started again",
				failure.status(), failure.cause()) : failure;
	}

	/**
	 * Return whether the server may have taken a request without saying anything about
	 * it.
	 */
	private static boolean mayHaveStarted(ApiOutcome outcome) {
		return outcome instanceof NoAnswer none && switch (none.kind()) {
			case BROKEN, TIMED_OUT, INTERRUPTED, TOO_LARGE -> true;
			case NOT_API_JSON -> none.status() < 400;
			case NOT_CONNECTED, NOT_SENT, NOT_TRUSTED, REDIRECTED -> false;
		};
	}

	static @Nullable String errorText(Map<String, @Nullable Object> body) {
		String error = text(body.get("error"));
		return (error != null) ? error : text(body.get("message"));
	}

	/**
	 * Return the text of a value.
	 * @return the text, or {@code null} for a value that is empty, zero or {@code false}
	 */
	private static @Nullable String text(@Nullable Object value) {
		if (value == null || Boolean.FALSE.equals(value) || (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof Number number && number.doubleValue() == 0)) {
			return null;
		}
		if (value instanceof List<?> list) {
			String joined = list.stream()
				.map(ResponseReader::text)
				.filter(Objects::nonNull)
				.collect(Collectors.joining("; "));
			return joined.isEmpty() ? null : joined;
		}
		String text = value.toString().strip();
		return text.isEmpty() ? null : text;
	}

	private static String statusLine(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		return (known != null) ? status + " " + known.getReasonPhrase() : "HTTP status " + status;
	}

	/**
	 * Read the result of a blocking call.
	 */
	static AkiResult result(ApiOutcome outcome, OutputConversion conversion) {
		Failure failure = failure(outcome);
		Map<String, @Nullable Object> body = body(outcome);
		if (failure == null && !isResult(body)) {
			failure = new Failure(Failure.Kind.JOB_FAILED, "The server's answer contains no result, only "
					+ body.keySet() + ". Is 'aki.io.api-server' the address of AKI.IO?");
		}
		if (failure == null) {
			return result(body, conversion);
		}
		failure = ofStart(outcome, failure);
		AkiJobState state = AkiJobState.of(text(body.get("job_state")));
		if (state == AkiJobState.LAPSED) {
			failure = new Failure(Failure.Kind.LAPSED, failure.error(), failure.status(), failure.cause());
		}
		else if (state == AkiJobState.UNKNOWN && failure.kind() == Failure.Kind.JOB_FAILED
				&& body.get("job_id") != null) {
			state = AkiJobState.DONE;
		}
		return new AkiResult(body, conversion, failure, state);
	}

	/**
	 * Read a finished job's result.
	 */
	static AkiResult result(Map<String, @Nullable Object> body, OutputConversion conversion) {
		Object state = body.get("job_state");
		return new AkiResult(body, conversion, failure(body),
				(state != null) ? AkiJobState.of(state.toString()) : AkiJobState.DONE);
	}

	/**
	 * Return the job that an answer names, if it names one.
	 */
	static @Nullable String jobId(ApiOutcome outcome) {
		return text(body(outcome).get("job_id"));
	}

	static Map<String, @Nullable Object> body(ApiOutcome outcome) {
		return (outcome instanceof Answer answer) ? answer.body() : Map.of();
	}

}
