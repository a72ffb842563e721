package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.JobStateMachine.StopReason;
import io.aki.client.JobStateMachine.Transition;
import io.aki.client.http.ExchangeFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobStateMachine}.
 */
class JobStateMachineTests {

	private static final long MS = 1_000_000;

	private static final Duration INTERVAL = Duration.ofMillis(200);

	private final ClientSettings settings = ClientSettings.DEFAULT.withEndpoint("chat");

	private final Backoff backoff = new Backoff(AkiRetryPolicy.DEFAULT, () -> 0);

	private long now = 1_000 * MS;

	private final JobStateMachine machine = new JobStateMachine(this.settings, this.backoff, null, this.now);

	@Test
	void theFirstReportFollowsTheAcceptance() {
		Transition transition = accept();
		assertThat(transition.progress()).isEqualTo(new AkiProgress(AkiProgressInfo.accepted("j#1"), null));
		assertThat(transition.result()).isNull();
		assertThat(this.machine.jobId()).isEqualTo("j#1");
		assertThat(due()).isEqualTo(200);
	}

	@Test
	void thePeriodIsSteadyWhateverAPollTakes() {
		accept();
		pass(200);
		long polled = this.now;
		pass(70);
		poll(running(10));
		assertThat(this.machine.nextAt(this.now) - polled).isEqualTo(200 * MS);
	}

	@Test
	void latePollsAreNotMadeUp() {
		accept();
		pass(200);
		long polled = this.now;
		pass(450);
		poll(running(10));
		assertThat(this.machine.nextAt(this.now) - polled).isEqualTo(600 * MS);
	}

	@ParameterizedTest
	@CsvSource({ "queued,QUEUED", "processing,RUNNING", "running,RUNNING", "Processing,RUNNING", "dreaming,UNKNOWN",
			"done,DONE" })
	void aJobWithProgressGoesOnUnlessItIsCanceledOrLapsed(String word, AkiJobState state) {
		accept();
		Transition transition = poll(Map.of("success", true, "job_state", word, "progress", Map.of("progress", 5)));
		assertThat(transition.result()).isNull();
		assertThat(transition.progress().info()).isEqualTo(new AkiProgressInfo("j#1", 5, -1, -1, state, word, true));
	}

	@Test
	void anAnswerWithoutAStateIsFollowed() {
		accept();
		Transition transition = poll(Map.of("success", true));
		assertThat(transition.progress().info())
			.isEqualTo(new AkiProgressInfo("j#1", -1, -1, -1, AkiJobState.UNKNOWN, "", true));
	}

	@Test
	void anAnswerThatSaysNothingOfTheJobIsAnOutage() {
		accept();
		assertThat(poll(Map.of("hello", 1))).isEqualTo(Transition.NONE);
		pass(120_000);
		assertFailure(poll(Map.of("hello", 1)), Failure.Kind.CONNECTION, "only [hello]");
	}

	@Test
	void emptyPartialDataIsNone() {
		accept();
		Transition transition = poll(
				Map.of("success", true, "job_state", "processing", "progress", Map.of("progress_data", Map.of())));
		assertThat(transition.progress().data()).isNull();
	}

	@Test
	void aResultEndsTheJob() {
		accept();
		Transition transition = poll(Map.of("success", true, "job_state", "done", "job_result", Map.of("text", "hi")));
		assertThat(transition.result().success()).isTrue();
		assertThat(transition.result().asMap()).isEqualTo(Map.of("job_id", "j#1", "text", "hi"));
		assertThat(transition.result().jobState()).isEqualTo(AkiJobState.DONE);
	}

	@Test
	void aResultEndsTheJobInAStateThatIsNotKnownToo() {
		accept();
		Transition transition = poll(
				Map.of("success", true, "job_state", "finished", "job_result", Map.of("text", "hi")));
		assertThat(transition.result().text()).isEqualTo("hi");
	}

	@Test
	void aLostResultIsAFailure() {
		accept();
		assertFailure(poll(Map.of("success", true, "job_state", "done")), Failure.Kind.JOB_FAILED, "lost");
		assertThat(this.machine.state()).isEqualTo(AkiJobState.DONE);
	}

	@Test
	void aWorkersErrorIsAFailure() {
		accept();
		assertFailure(poll(Map.of("success", true, "job_state", "done", "job_result",
				Map.of("success", true, "error", List.of("a", "b")))), Failure.Kind.JOB_FAILED, "a; b");
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 400 })
	void aLapsedJobEndsWithOrWithoutProgress(int status) {
		accept();
		Transition transition = take(ApiResponse.of(status,
				Map.of("success", false, "job_state", "lapsed", "error", "lapsed!", "progress", Map.of("progress", 0)),
				null));
		assertFailure(transition, Failure.Kind.LAPSED, "lapsed!");
		assertThat(transition.result().jobState()).isEqualTo(AkiJobState.LAPSED);
	}

	@Test
	void aJobThatSomeoneElseCanceledKeepsItsPartialText() {
		accept();
		poll(text("so far"));
		Transition transition = poll(Map.of("success", true, "job_state", "canceled"));
		assertFailure(transition, Failure.Kind.CANCELED, "canceled");
		assertThat(transition.result().text()).isEqualTo("so far");
		assertThat(transition.result().jobState()).isEqualTo(AkiJobState.CANCELED);
	}

	@Test
	void theTextOfACanceledJobsResultCounts() {
		accept();
		poll(text("so far"));
		this.machine.stop(StopReason.CANCELED, this.now);
		assertThat(this.machine.isStopping()).isTrue();
		assertThat(due()).isZero();
		Transition transition = poll(Map.of("success", true, "job_state", "canceled", "job_result",
				Map.of("success", true, "text", "so far and further")));
		assertFailure(transition, Failure.Kind.CANCELED, "canceled");
		assertThat(transition.result().text()).isEqualTo("so far and further");
	}

	@Test
	void aCancelThatComesTooLateBringsTheResult() {
		accept();
		this.machine.stop(StopReason.CANCELED, this.now);
		Transition transition = poll(
				Map.of("success", true, "job_state", "done", "job_result", Map.of("text", "whole")));
		assertThat(transition.result().success()).isTrue();
		assertThat(transition.result().text()).isEqualTo("whole");
	}

	@Test
	void aCancelThatTheServerIgnoresEndsAfterTheCancelTimeout() {
		accept();
		poll(text("so far"));
		this.machine.stop(StopReason.CANCELED, this.now);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		poll(text("so far and further"));
		pass(4999);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		pass(1);
		AkiResult result = this.machine.beforeExchange(this.now);
		assertThat(result.error()).startsWith("canceled").contains("did not confirm within 5.0 s");
		assertThat(result.text()).isEqualTo("so far and further");
		assertThat(result.jobState()).isEqualTo(AkiJobState.RUNNING);
	}

	@Test
	void pollsThatCancelAreNotMadeUpEither() {
		accept();
		this.machine.stop(StopReason.CANCELED, this.now);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		pass(950);
		poll(running(10));
		assertThat(due()).isEqualTo(50);
	}

	@Test
	void aDoneJobWithoutAResultTellsWhatTheServerSaysOfIt() {
		accept();
		Transition transition = poll(Map.of("success", false, "job_state", "done", "error", "The worker has died"));
		assertFailure(transition, Failure.Kind.JOB_FAILED, "The worker has died");
	}

	@Test
	void aJobThatIsCanceledBeforeItsStartIsNotStarted() {
		this.machine.stop(StopReason.CANCELED, this.now);
		assertThat(this.machine.beforeExchange(this.now).error()).isEqualTo("canceled");
	}

	@Test
	void aJobThatTakesTooLongIsCanceled() {
		accept();
		pass(Duration.ofHours(1).toMillis() - 1);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		assertThat(this.machine.isStopping()).isFalse();
		pass(1);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		assertThat(this.machine.isStopping()).isTrue();
		assertFailure(poll(Map.of("success", true, "job_state", "canceled")), Failure.Kind.TIMEOUT, "'job-timeout'");
	}

	@ParameterizedTest
	@EnumSource(value = ExchangeFailure.class, names = { "NOT_CONNECTED", "BROKEN", "TIMED_OUT", "NOT_API_JSON" })
	void pollsThatFailAreRepeatedUntilTheOutageTimeout(ExchangeFailure kind) {
		accept();
		poll(text("so far"));
		long begin = this.now;
		int polls = 0;
		Transition transition = Transition.NONE;
		while (transition.result() == null) {
			polls++;
			transition = take(none(kind, 0));
			this.now = this.machine.nextAt(this.now);
		}
		assertThat((this.now - begin) / MS).isBetween(119_000L, 120_000L);
		assertThat(polls).isGreaterThan(10);
		assertThat(transition.result().error()).contains("Gave up after 120.0 s").contains("resume(\"j#1\")");
		assertThat(transition.result().jobId()).isEqualTo("j#1");
	}

	@Test
	void aWaitIsNotLongerThanTheLimitThatEndsTheJob() {
		accept();
		this.machine.stop(StopReason.CANCELED, this.now);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		take(ApiResponse.of(503, Map.of(), Duration.ofSeconds(8)));
		assertThat(due()).isEqualTo(5000);
		pass(5000);
		assertThat(this.machine.beforeExchange(this.now).error()).startsWith("canceled");
	}

	@Test
	void theCancelTimeoutBeginsWithTheFirstCancelThatIsSent() {
		accept();
		this.machine.stop(StopReason.CANCELED, this.now);
		pass(60_000);
		poll(running(10));
		assertThat(due()).as("a poll was on its way when the job was stopped").isLessThanOrEqualTo(0);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		pass(4_999);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		pass(1);
		AkiResult result = this.machine.beforeExchange(this.now);
		assertThat(result.error()).startsWith("canceled").contains("did not confirm within 5.0 s");
		assertThat(result.jobState()).as("as the server said last").isEqualTo(AkiJobState.RUNNING);
	}

	@Test
	void theFailureOfTheLastCancelIsTold() {
		accept();
		this.machine.stop(StopReason.CANCELED, this.now);
		assertThat(this.machine.beforeExchange(this.now)).isNull();
		take(none(ExchangeFailure.BROKEN, 0));
		pass(5000);
		assertThat(this.machine.beforeExchange(this.now).error()).contains("did not confirm").contains("Last failure");
	}

	@Test
	void aJobThatIsLeftEndsWithoutACancelAndTakesAResultThatWasOnItsWay() {
		accept();
		this.machine.stop(StopReason.DETACHED, this.now);
		assertThat(this.machine.beforeExchange(this.now).error()).contains("resume(\"j#1\")");
		assertThat(poll(Map.of("job_state", "done", "job_result", Map.of("text", "hi"))).result().text())
			.isEqualTo("hi");
	}

	@Test
	void theFirstPollsOfJobsThatBeginTogetherAreSpread() {
		JobStateMachine spread = new JobStateMachine(this.settings, new Backoff(AkiRetryPolicy.DEFAULT, () -> 0.5),
				"j#2", this.now);
		spread.takePoll(PollResponse.of(ApiResponse.of(200, running(1), null)), this.now);
		assertThat(spread.nextAt(this.now) - this.now).isEqualTo(150 * MS);
		this.now = spread.nextAt(this.now);
		spread.takePoll(PollResponse.of(ApiResponse.of(200, running(2), null)), this.now);
		assertThat(spread.nextAt(this.now) - this.now).as("then the period is steady").isEqualTo(200 * MS);
	}

	@Test
	void anAnswerEndsAnOutage() {
		accept();
		take(none(ExchangeFailure.BROKEN, 0));
		pass(119_000);
		poll(text("back"));
		pass(119_000);
		assertThat(take(none(ExchangeFailure.BROKEN, 0)).result()).isNull();
		pass(119_000);
		assertThat(take(none(ExchangeFailure.BROKEN, 0)).result()).isNull();
	}

	@Test
	void retryAfterIsHonouredUpToTheLongestWait() {
		accept();
		take(ApiResponse.of(503, Map.of(), Duration.ofSeconds(3)));
		assertThat(due()).isEqualTo(3000);
		take(ApiResponse.of(429, Map.of(), Duration.ofDays(1)));
		assertThat(due()).isEqualTo(8000);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404 })
	void theServersDefiniteAnswerEndsTheJob(int status) {
		accept();
		Transition transition = take(ApiResponse.of(status, Map.of("error", "no"), null));
		assertThat(transition.result().error()).isEqualTo("no");
		assertThat(transition.result().errorCode()).isEqualTo(status);
	}

	@Test
	void aGatewaysPageDoesNotEndTheJob() {
		accept();
		assertThat(take(none(ExchangeFailure.NOT_API_JSON, 404)).result()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "NOT_CONNECTED,0", "NOT_API_JSON,429", "NOT_API_JSON,503" })
	void aStartIsRepeatedWhereTheServerCannotHaveTakenIt(ExchangeFailure kind, int status) {
		assertThat(take(none(kind, status)).result()).isNull();
		assertThat(due()).isEqualTo(500);
		take(none(kind, status));
		assertThat(due()).isEqualTo(1000);
		take(none(kind, status));
		assertThat(due()).isEqualTo(2000);
		assertThat(take(none(kind, status)).result().success()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "BROKEN,0", "TIMED_OUT,0", "TOO_LARGE,0", "NOT_API_JSON,200", "NOT_API_JSON,500", "NOT_API_JSON,502",
			"NOT_API_JSON,504", "NOT_TRUSTED,0", "REDIRECTED,302" })
	void aStartIsNotRepeatedWhereTheServerMayHaveTakenIt(ExchangeFailure kind, int status) {
		assertThat(take(none(kind, status)).result().success()).isFalse();
	}

	@Test
	void a503WithAJobIsNotRepeated() {
		assertThat(take(ApiResponse.of(503, Map.of("job_id", "j"), null))).isEqualTo(Transition.NONE);
		assertThat(this.machine.isStarting()).isFalse();
		assertThat(this.machine.isStopping()).isTrue();
		assertThat(due()).isZero();
		JobStateMachine other = new JobStateMachine(this.settings, this.backoff, null, this.now);
		assertThat(other.takeStart(ApiResponse.of(503, Map.of("error", "busy"), null), this.now).result()).isNull();
	}

	@Test
	void anAmbiguousStartSaysSo() {
		assertThat(take(none(ExchangeFailure.BROKEN, 0)).result().error()).contains("may have started the job");
	}

	@Test
	void anAcceptanceWithoutAJobIsAFailure() {
		assertFailure(take(ApiResponse.of(200, Map.of("success", true), null)), Failure.Kind.CONNECTION,
				"named no job");
	}

	@Test
	void ofTwoReasonsToStopTheFirstCounts() {
		accept();
		this.machine.stop(StopReason.CLOSED, this.now);
		this.machine.stop(StopReason.CANCELED, this.now);
		assertFailure(poll(Map.of("success", true, "job_state", "canceled")), Failure.Kind.CANCELED,
				"the client was closed");
	}

	@Test
	void anAbandonedJobCanBeResumed() {
		accept();
		assertThat(this.machine.detached(false).error()).contains("resume(\"j#1\")");
		assertThat(this.machine.detached(false).jobState()).isEqualTo(AkiJobState.QUEUED);
	}

	private Transition accept() {
		return take(ApiResponse.of(200, Map.of("success", true, "job_id", "j#1"), null));
	}

	private Transition poll(Map<String, Object> body) {
		return take(ApiResponse.of(200, body, null));
	}

	private Transition take(ApiResponse response) {
		return this.machine.isStarting() ? this.machine.takeStart(response, this.now)
				: this.machine.takePoll(PollResponse.of(response), this.now);
	}

	private void pass(long millis) {
		this.now += millis * MS;
	}

	private long due() {
		return (this.machine.nextAt(this.now) - this.now) / MS;
	}

	private static Map<String, Object> running(int percent) {
		return Map.of("success", true, "job_state", "processing", "progress", Map.of("progress", percent));
	}

	private static Map<String, Object> text(String text) {
		Map<String, Object> progress = new LinkedHashMap<>();
		progress.put("progress", 10);
		progress.put("progress_data", Map.of("text", text));
		return Map.of("success", true, "job_state", "processing", "progress", progress);
	}

	private static ApiResponse none(ExchangeFailure kind, int status) {
		return ApiResponse.failed(kind, status, "it failed", null, null);
	}

	private static void assertFailure(Transition transition, Failure.Kind kind, String text) {
		assertThat(transition.result()).isNotNull();
		assertThat(transition.result().success()).isFalse();
		assertThat(transition.result().failure().kind()).isEqualTo(kind);
		assertThat(transition.result().error()).contains(text);
	}

}
