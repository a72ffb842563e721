package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.aki.client.FaultScenario.ExchangeFault;
import io.aki.client.FaultScenario.Refusal;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;

/**
 * Defines the outcome of each fault in each phase of a job. The tables in
 * {@code docs/resilience.md} and the tests that provoke each fault both use this table.
 * <p>
 * The cells use the same symbols as the documentation. {@code ✓}: the caller notices
 * nothing. {@code ↻}: the request is repeated. It fails with the named outcome only if
 * the fault is permanent. {@code ✗}: the request is not repeated, and it fails with the
 * named outcome. {@code ⚠}: nevertheless, the job may still run, or its result may be
 * available.
 */
final class ResilienceTable {

	static final String NONE = "–";

	static final List<Row> ROWS = List.of(
			row("connection refused", new Refusal(), "↻ unreachable", "↻ unreachable", "↻ unreachable ⚠",
					"↻ unreachable ⚠", "↻ unconfirmed ⚠", "↻ unreachable"),
			row("reset before the server acted", of(AkiEmulatorFault.reset().beforeReading()), "✗ broken ⚠",
					"✗ broken ⚠", "↻ broken ⚠", "↻ broken ⚠", "↻ unconfirmed ⚠", "↻ broken"),
			row("reset after the server acted", of(AkiEmulatorFault.reset().afterReading()), "✗ broken ⚠", "✗ broken ⚠",
					"↻ broken ⚠", "✗ lost", "↻ unconfirmed ⚠", "↻ broken"),
			row("body cut off", of(AkiEmulatorFault.truncatedBody()), "✗ broken ⚠", "✗ broken ⚠", "↻ broken ⚠",
					"✗ lost", "↻ unconfirmed ⚠", "↻ broken"),
			row("no answer in time, the server did not act", slow(AkiEmulatorFault.stalled().beforeReading()),
					"✗ late ⚠", "✗ late ⚠", "↻ late ⚠", "↻ late ⚠", "↻ unconfirmed ⚠", "↻ late"),
			row("no answer in time, the server acted", slow(AkiEmulatorFault.stalled().afterReading()), "✗ late ⚠",
					"✗ late ⚠", "↻ late ⚠", "✗ lost", "↻ unconfirmed ⚠", "↻ late"),
			row("body trickling, too slowly", slow(AkiEmulatorFault.tricklingBody(Duration.ofMillis(20))), "✗ late ⚠",
					"✗ late ⚠", "↻ late ⚠", "✗ lost", "↻ unconfirmed ⚠", "↻ late"),
			row("body trickling, in time", of(AkiEmulatorFault.tricklingBody(Duration.ZERO)), "✓", "✓", "✓", "✓", "✓",
					"✓"),
			row("JSON with another content type", of(AkiEmulatorFault.wrongContentType()), "✓", "✓", "✓", "✓", "✓",
					"✓"),
			row("invalid JSON", of(AkiEmulatorFault.invalidJson()), "✗ invalid ⚠", "✗ invalid ⚠", "↻ invalid ⚠",
					"✗ lost", "↻ unconfirmed ⚠", "↻ invalid"),
			row("larger than `max-response-size`", of(AkiEmulatorFault.oversized(FaultScenario.TOO_LARGE)),
					"✗ too large ⚠", "✗ too large ⚠", "✗ too large ⚠", "✗ too large", "✗ too large ⚠", "✗ too large"),
			row("larger, without `Content-Length`", of(AkiEmulatorFault.oversizedInChunks(FaultScenario.TOO_LARGE)),
					"✗ too large ⚠", "✗ too large ⚠", "✗ too large ⚠", "✗ too large", "✗ too large ⚠", "✗ too large"),
			row("empty answer, 200", of(AkiEmulatorFault.empty(200)), "✗ foreign ⚠", "✗ foreign ⚠", "↻ foreign ⚠",
					"↻ foreign ⚠", "↻ unconfirmed ⚠", "↻ foreign"),
			row("HTML page, 200", of(AkiEmulatorFault.html(200)), "✗ foreign ⚠", "✗ foreign ⚠", "↻ foreign ⚠",
					"↻ foreign ⚠", "↻ unconfirmed ⚠", "↻ foreign"),
			row("HTML page, 404", of(AkiEmulatorFault.html(404)), "✗ 404", "✗ 404", "↻ 404 ⚠", "↻ 404 ⚠",
					"↻ unconfirmed ⚠", "✗ 404"),
			row("HTML page, 502", of(AkiEmulatorFault.html(502)), "✗ 502 ⚠", "✗ 502 ⚠", "↻ 502 ⚠", "↻ 502 ⚠",
					"↻ unconfirmed ⚠", "↻ 502"),
			row("redirect", of(AkiEmulatorFault.redirect("https://elsewhere.example/")), "✗ redirect", "✗ redirect",
					"✗ redirect ⚠", "✗ redirect ⚠", "✗ redirect ⚠", "✗ redirect"),
			refused(400), refused(401),
			row("402", of(AkiEmulatorFault.status(402)), "✗ 402", "✗ 402", "✗ unknown job ⚠", "✗ unknown job ⚠",
					"✗ unknown job ⚠", "✗ 402"),
			refused(404), status(408, "✗ 408", "↻ 408"), status(429, "↻ 429", "↻ 429"),
			row("429 with `Retry-After`", of(AkiEmulatorFault.status(429).retryAfter(Duration.ofHours(1))), "↻ 429",
					"↻ 429", "↻ 429 ⚠", "↻ 429 ⚠", "↻ unconfirmed ⚠", "↻ 429"),
			status(500, "✗ 500 ⚠", "↻ 500"), status(502, "✗ 502 ⚠", "↻ 502"), status(503, "↻ 503", "↻ 503"),
			row("503 with `Retry-After`", of(AkiEmulatorFault.status(503).retryAfter(Duration.ofHours(1))), "↻ 503",
					"↻ 503", "↻ 503 ⚠", "↻ 503 ⚠", "↻ unconfirmed ⚠", "↻ 503"),
			row("503 that names a job", FaultScenario.SERVER_ERROR_WITH_JOB, "✗ 503", "✗ 503", NONE, NONE, NONE, NONE),
			row("someone else cancels the job", FaultScenario.CANCELED_BY_ANOTHER, NONE, NONE, "✗ canceled", NONE, NONE,
					NONE),
			row("the job lapses", FaultScenario.LAPSE, NONE, "✗ 400", "✗ lapsed", NONE, "✗ lapsed", NONE),
			row("the worker reports an error", of(AkiEmulatorFault.workerError(FaultScenario.WORKER_ERROR)), NONE,
					"✗ worker error", "✗ worker error", "✗ worker error", NONE, NONE),
			row("the worker is gone", FaultScenario.WORKER_GONE, NONE, "✗ late ⚠", "✗ job timeout", NONE, NONE, NONE),
			row("an unknown `job_state`, for ever", FaultScenario.UNKNOWN_STATE, NONE, NONE, "✗ job timeout", NONE,
					NONE, NONE),
			row("done without a result", of(AkiEmulatorFault.loseResult()), NONE, NONE, NONE, "✗ lost", NONE, NONE),
			row("the cancel is ignored", slow(AkiEmulatorFault.ignoreCancel()), NONE, NONE, NONE, NONE,
					"↻ unconfirmed ⚠", NONE),
			row("the callback throws", FaultScenario.CALLBACK_THROWS, "✗ its exception", NONE, "✗ its exception", NONE,
					NONE, NONE),
			row("the waiting thread is interrupted", FaultScenario.INTERRUPT, "✗ interrupted ⚠", "✗ broken off ⚠",
					"✗ interrupted", NONE, NONE, "✗ broken off"),
			row("the client is closed", FaultScenario.CLOSE, "✗ closed", "✓", "✗ closed", "✓", NONE, NONE),
			row("closed, and no answer comes", FaultScenario.CLOSE_WITHOUT_ANSWER, "✗ late ⚠", NONE, "✗ closed", NONE,
					NONE, NONE),
			row("closed, `cancel-on-close: false`", FaultScenario.CLOSE_AND_LEAVE, "✗ left ⚠", "✓", "✗ left ⚠", "✓",
					NONE, NONE));

	/**
	 * The maximum duration of each exchange and of its failure. The limits of the tests
	 * are so short that the tests end in time only with these formulas.
	 */
	private static final List<List<String>> BOUNDS = List.of(
			List.of("start", "`progress-timeout`", "`E`",
					"`max-attempts` × `E` + (`max-attempts` − 1) × `max-delay`, no wait beyond `job-timeout`"),
			List.of("blocking call", "`read-timeout`", "`E`",
					"`max-attempts` × `E` + (`max-attempts` − 1) × `max-delay`"),
			List.of("poll, result", "`progress-timeout`", "`E`", "`outage-timeout` + `E`"),
			List.of("cancel, from when it is sent first", "the shorter of `cancel-timeout` and `progress-timeout`",
					"`E`", "`cancel-timeout` + `E`"),
			List.of("GET", "`progress-timeout`", "`E`", "`max-attempts` × `E` + (`max-attempts` − 1) × `max-delay`"));

	private ResilienceTable() {
	}

	private static Row refused(int status) {
		String cell = "✗ " + status;
		return row(String.valueOf(status), of(AkiEmulatorFault.status(status)), cell, cell, cell + " ⚠", cell + " ⚠",
				cell + " ⚠", cell);
	}

	private static Row status(int status, String start, String repeated) {
		return row(String.valueOf(status), of(AkiEmulatorFault.status(status)), start, start, repeated + " ⚠",
				repeated + " ⚠", "↻ unconfirmed ⚠", repeated);
	}

	private static Row row(String fault, FaultScenario scenario, String start, String call, String poll, String result,
			String cancel, String get) {
		Map<Phase, Cell> cells = new EnumMap<>(Phase.class);
		List<String> texts = List.of(start, call, poll, result, cancel, get);
		for (Phase phase : Phase.values()) {
			String text = texts.get(phase.ordinal());
			if (!text.equals(NONE)) {
				cells.put(phase, Cell.of(fault, phase, scenario, text));
			}
		}
		return new Row(fault, cells);
	}

	private static FaultScenario of(AkiEmulatorFault fault) {
		return new ExchangeFault(fault, false);
	}

	private static FaultScenario slow(AkiEmulatorFault fault) {
		return new ExchangeFault(fault, true);
	}

	static Stream<Cell> cells() {
		return ROWS.stream().flatMap((row) -> row.cells().values().stream());
	}

	/**
	 * Return the tables as the documentation contains them.
	 */
	static String markdown() {
		List<String> lines = new ArrayList<>();
		lines.add("| fault | start | blocking call | poll | result | cancel | GET |");
		lines.add("|---|---|---|---|---|---|---|");
		for (Row row : ROWS) {
			StringJoiner line = new StringJoiner(" | ", "| ", " |").add(row.fault());
			for (Phase phase : Phase.values()) {
				line.add(row.cells().containsKey(phase) ? row.cells().get(phase).text() : NONE);
			}
			lines.add(line.toString());
		}
		lines.add("");
		lines.add("| | one exchange `E` | `✗` ends within | `↻` ends within |");
		lines.add("|---|---|---|---|");
		BOUNDS.forEach((bound) -> lines.add("| " + String.join(" | ", bound) + " |"));
		lines.add("");
		lines.add("| | exception | `errorCode()` | `error()` begins with |");
		lines.add("|---|---|---|---|");
		for (Outcome outcome : Outcome.values()) {
			lines.add("| " + outcome.key + " | " + outcome.exceptionName() + " | "
					+ ((outcome.errorCode != null) ? outcome.errorCode : NONE) + " | " + outcome.errorText() + " |");
		}
		return lines.stream().collect(Collectors.joining("\n", "", "\n"));
	}

	/**
	 * The ways in which a call fails.
	 */
	enum Outcome {

		UNREACHABLE("unreachable", AkiConnectionException.class, null, "The server cannot be reached: "),

		BROKEN("broken", AkiConnectionException.class, null,
				"The connection failed before the response was complete: "),

		LATE("late", AkiTimeoutException.class, null, "No complete response within "),

		INVALID("invalid", AkiConnectionException.class, null, "The response (200 OK) is cut off or is not valid JSON"),

		TOO_LARGE("too large", AkiConnectionException.class, null, "The response is larger than "),

		NOT_API_JSON("foreign", AkiConnectionException.class, null,
				"The response (200 OK) is not JSON of the API but "),

		REDIRECT("redirect", AkiConnectionException.class, null, "The server redirects (302 Found) to "),

		BAD_REQUEST("400", AkiBadRequestException.class, 400, null),

		UNAUTHORIZED("401", AkiPermissionException.class, 401, null),

		PAYMENT_REQUIRED("402", AkiPermissionException.class, 402, null),

		NOT_FOUND("404", AkiServerException.class, 404, null),

		REQUEST_TIMEOUT("408", AkiTimeoutException.class, 408, null),

		TOO_MANY_REQUESTS("429", AkiRateLimitException.class, 429, null),

		SERVER_ERROR("500", AkiServerException.class, 500, null),

		BAD_GATEWAY("502", AkiServerException.class, 502, null),

		SERVICE_UNAVAILABLE("503", AkiServerException.class, 503, null),

		UNKNOWN_JOB("unknown job", AkiJobFailedException.class, 402, null),

		CANCELED("canceled", AkiCanceledException.class, null, "canceled"),

		LAPSED("lapsed", AkiLapsedException.class, 400, null),

		WORKER_ERROR("worker error", AkiJobFailedException.class, null, null),

		LOST("lost", AkiJobFailedException.class, null, "The job is done but its result is lost"),

		JOB_TIMEOUT("job timeout", AkiTimeoutException.class, null,
				"The job was canceled because it took longer than 'job-timeout'"),

		UNCONFIRMED("unconfirmed", AkiCanceledException.class, null, "canceled (the server did not confirm within "),

		INTERRUPTED("interrupted", AkiCanceledException.class, null, "canceled: the waiting thread was interrupted"),

		BROKEN_OFF("broken off", AkiCanceledException.class, null, "Interrupted while waiting for the response"),

		CLOSED("closed", AkiCanceledException.class, null, "canceled: the client was closed"),

		LEFT("left", AkiCanceledException.class, null, "The client no longer follows the job"),

		ITS_EXCEPTION("its exception", null, null, null);

		private final String key;

		private final Class<? extends AkiException> exception;

		private final Integer errorCode;

		private final String error;

		Outcome(String key, Class<? extends AkiException> exception, Integer errorCode, String error) {
			this.key = key;
			this.exception = exception;
			this.errorCode = errorCode;
			this.error = error;
		}

		private static Outcome of(String key) {
			return Arrays.stream(values()).filter((outcome) -> outcome.key.equals(key)).findFirst().orElseThrow();
		}

		/**
		 * Return the exception, or {@code null} if the exception of the callback is
		 * thrown unchanged.
		 */
		Class<? extends AkiException> exception() {
			return this.exception;
		}

		Integer errorCode() {
			return this.errorCode;
		}

		/**
		 * Return the start of the error, or {@code null} if the server sends the error.
		 */
		String error() {
			return this.error;
		}

		/**
		 * Return whether the API has not answered. In this case the error of a start says
		 * that the server may have started the job.
		 */
		boolean leavesTheStartOpen() {
			return switch (this) {
				case BROKEN, LATE, INVALID, TOO_LARGE, NOT_API_JSON, BROKEN_OFF -> true;
				default -> false;
			};
		}

		/**
		 * Return whether the failure ends the polls of a job although the API has not
		 * reported anything about the job.
		 */
		boolean leavesTheJobOpen() {
			return this == TOO_LARGE || this == REDIRECT || this == UNKNOWN_JOB;
		}

		private String errorText() {
			if (this.exception == null) {
				return NONE;
			}
			return (this.error != null) ? "“" + this.error.strip() + "”" : "what the server says";
		}

		private String exceptionName() {
			return (this.exception != null) ? "`" + this.exception.getSimpleName() + "`" : "the callback's, unchanged";
		}

	}

	/**
	 * The course of a call after a fault has occurred.
	 */
	enum Course {

		UNNOTICED, REPEATED, FAILED

	}

	record Row(String fault, Map<Phase, Cell> cells) {

	}

	/**
	 * One fault in one phase.
	 *
	 * @param outcome how the call fails, {@code null} if it does not fail
	 * @param jobMayGoOn whether the job may still run, or its result may be available
	 */
	record Cell(String fault, Phase phase, FaultScenario scenario, Course course, Outcome outcome, boolean jobMayGoOn,
			String text) {

		static Cell of(String fault, Phase phase, FaultScenario scenario, String text) {
			boolean jobMayGoOn = text.endsWith(" ⚠");
			String key = text.substring(1).replace("⚠", "").strip();
			Course course = switch (text.charAt(0)) {
				case '✓' -> Course.UNNOTICED;
				case '↻' -> Course.REPEATED;
				case '✗' -> Course.FAILED;
				default -> throw new IllegalArgumentException(text);
			};
			return new Cell(fault, phase, scenario, course, key.isEmpty() ? null : Outcome.of(key), jobMayGoOn, text);
		}

		@Override
		public String toString() {
			return this.fault + ", " + this.phase + ": " + this.text;
		}

	}

}
