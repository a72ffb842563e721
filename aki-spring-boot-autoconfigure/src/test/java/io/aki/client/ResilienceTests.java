package io.aki.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.aki.client.FaultScenario.CallbackException;
import io.aki.client.FaultScenario.ExchangeFault;
import io.aki.client.ResilienceFixture.Observed;
import io.aki.client.ResilienceFixture.Way;
import io.aki.client.ResilienceTable.Cell;
import io.aki.client.ResilienceTable.Course;
import io.aki.client.ResilienceTable.Outcome;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Provokes each fault of {@link ResilienceTable}, and checks that
 * {@code docs/resilience.md} shows the table. To update the page after a change of the
 * table:
 * {@code mvn test -pl aki-spring-boot-autoconfigure -Dtest=ResilienceTests -Dupdate-docs=true}
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(10)
class ResilienceTests {

	private static final Path PAGE = Path.of("..", "docs", "resilience.md");

	private static final String BEGIN = "<!-- table: written by ResilienceTests -->\n";

	private static final String END = "<!-- end of the table -->\n";

	private final ResilienceFixture onJdk = new ResilienceFixture(Way.BACKGROUND_ON_JDK);

	private final ResilienceFixture onApache = new ResilienceFixture(Way.WAITING_ON_APACHE);

	private final ResilienceFixture withoutFollowing = new ResilienceFixture(Way.WITHOUT_FOLLOWING);

	@AfterEach
	void reset() throws Exception {
		this.onJdk.reset();
		this.onApache.reset();
		this.withoutFollowing.reset();
	}

	@AfterAll
	void close() {
		this.onJdk.close();
		this.onApache.close();
		this.withoutFollowing.close();
	}

	static Stream<Cell> cells() {
		return ResilienceTable.cells();
	}

	static Stream<Cell> cellsOfEveryEngine() {
		return cells().filter((cell) -> !cell.scenario().dependsOnTheEngine(cell.phase()));
	}

	/**
	 * Return the cells without those that are equal for an HTTP engine. An engine does
	 * not distinguish a start from a blocking call, or a result from another poll. GET
	 * requests that wait until a timeout are left out, because they take time.
	 */
	static Stream<Cell> cellsOfEveryEngineInShort() {
		return cellsOfEveryEngine()
			.filter((cell) -> !(cell.scenario() instanceof ExchangeFault) || switch (cell.phase()) {
				case CALL, POLL, CANCEL -> true;
				case GET -> !cell.scenario().takesTime();
				case START, RESULT -> false;
			});
	}

	@ParameterizedTest
	@MethodSource("cells")
	void jobsFollowedInTheBackgroundFareLikeThis(Cell cell) throws Exception {
		check(cell, this.onJdk);
	}

	@ParameterizedTest
	@MethodSource("cellsOfEveryEngineInShort")
	void jobsThatTheirCallerWaitsForFareLikeThis(Cell cell) throws Exception {
		check(cell, this.onApache);
	}

	static Stream<Cell> cancels() {
		return cells().filter((cell) -> cell.phase() == Phase.CANCEL);
	}

	@ParameterizedTest
	@MethodSource("cancels")
	void aCancelOfAJobThatTheClientDoesNotFollowFaresLikeThis(Cell cell) throws Exception {
		Observed lasting = cell.scenario().provoke(this.withoutFollowing, cell, true);
		if (cell.course() == Course.UNNOTICED) {
			assertCanceled(lasting);
			return;
		}
		assertSent(cell, lasting.occurrences());
		assertAnswer(lasting.answer(), (cell.course() == Course.REPEATED) ? lastFailure(cell) : cell.outcome());
		assertError(cell, lasting.answer());
		if (cell.course() == Course.REPEATED) {
			this.withoutFollowing.reset();
			assertCanceled(cell.scenario().provoke(this.withoutFollowing, cell, false));
		}
	}

	/**
	 * Return the reason that a cancel reports if it is not confirmed. It is the failure
	 * of a poll with the same fault.
	 */
	private static Outcome lastFailure(Cell cancel) {
		return cells().filter((cell) -> cell.phase() == Phase.POLL && cell.fault().equals(cancel.fault()))
			.findFirst()
			.map(Cell::outcome)
			.orElse(Outcome.LATE);
	}

	private static void assertCanceled(Observed observed) {
		assertThat(observed.occurrences()).isPositive();
		assertThat(observed.answer().error()).isNull();
		assertThat(((AkiResult) observed.answer()).jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(observed.jobs()).singleElement().extracting(AkiEmulatorJob::state).isEqualTo("canceled");
	}

	private static void check(Cell cell, ResilienceFixture fixture) throws Exception {
		try {
			provoke(cell, fixture);
		}
		catch (AssertionError ex) {
			// Surefire does not report the arguments of a test
			throw new AssertionError(cell + "\n" + ex.getMessage(), ex);
		}
	}

	private static void provoke(Cell cell, ResilienceFixture fixture) throws Exception {
		Observed lasting = cell.scenario().provoke(fixture, cell, true);
		if (cell.course() == Course.UNNOTICED) {
			assertUnnoticed(cell, lasting);
			return;
		}
		assertFailure(cell, lasting);
		if (cell.course() == Course.REPEATED) {
			fixture.reset();
			assertUnnoticed(cell, cell.scenario().provoke(fixture, cell, false));
		}
	}

	private static void assertUnnoticed(Cell cell, Observed observed) {
		assertThat(observed.occurrences()).isPositive();
		assertThat(observed.answer().error()).isEqualTo((cell.phase() == Phase.CANCEL) ? "canceled" : null);
		if (cell.phase() != Phase.GET) {
			assertThat(observed.jobs()).as("jobs started").hasSize(1);
			assertThat(((AkiResult) observed.answer()).jobId()).isEqualTo(observed.jobs().get(0).id());
		}
	}

	private static void assertFailure(Cell cell, Observed observed) {
		assertSent(cell, observed.occurrences());
		assertThat(observed.jobs()).as("jobs started").hasSizeLessThanOrEqualTo(1);
		if (!cell.jobMayGoOn()) {
			assertThat(observed.jobs()).as("jobs that the caller need not reckon with")
				.allMatch((job) -> job.endedAt() != null && (job.handedOut() > 0 || job.state().equals("lapsed")));
		}
		Outcome outcome = cell.outcome();
		if (outcome.exception() == null) {
			assertThat(observed.thrown()).isExactlyInstanceOf(CallbackException.class);
			return;
		}
		assertAnswer(observed.answer(), outcome);
		assertError(cell, observed.answer());
		boolean starting = cell.phase() == Phase.START || cell.phase() == Phase.CALL;
		if (cell.jobMayGoOn() && (!starting || outcome == Outcome.LEFT)) {
			assertThat(((AkiResult) observed.answer()).jobId()).as("for resume").isEqualTo(observed.jobs().get(0).id());
		}
	}

	private static void assertAnswer(AkiResponse answer, Outcome outcome) {
		assertThat(answer).isNotNull();
		assertThat(answer.success()).isFalse();
		assertThat(answer.errorCode()).isEqualTo(outcome.errorCode());
		assertThatExceptionOfType(AkiException.class).isThrownBy(answer::orThrow)
			.isExactlyInstanceOf(outcome.exception());
	}

	private static void assertSent(Cell cell, int times) {
		if (cell.course() == Course.FAILED) {
			assertThat(times).as("sent").isEqualTo(1);
			return;
		}
		switch (cell.phase()) {
			case START, CALL -> assertThat(times).as("sent").isEqualTo(ResilienceFixture.MAX_ATTEMPTS);
			// the JDK's engine automatically repeats a GET once after a connection reset
			case GET -> assertThat(times).as("sent")
				.isBetween(ResilienceFixture.MAX_ATTEMPTS, ResilienceFixture.MAX_ATTEMPTS * 2);
			case POLL, RESULT -> assertThat(times).as("sent").isGreaterThan(1);
			case CANCEL -> {
				// one exchange without an answer may take as long as the whole cancel
				if (cell.scenario().takesTime()) {
					assertThat(times).as("sent").isPositive();
				}
				else {
					assertThat(times).as("sent").isEqualTo(ResilienceFixture.MAX_ATTEMPTS);
				}
			}
		}
	}

	private static void assertError(Cell cell, AkiResponse answer) {
		String error = answer.error();
		boolean starting = cell.phase() == Phase.START || cell.phase() == Phase.CALL;
		boolean polling = cell.phase() == Phase.POLL || cell.phase() == Phase.RESULT;
		if (polling && cell.course() == Course.REPEATED) {
			String gaveUp = "Gave up after 0.02 s without a usable response. The job may still run: resume(\""
					+ ((AkiResult) answer).jobId() + "\") follows it again. Last failure: ";
			assertThat(error).startsWith(gaveUp);
			error = error.substring(gaveUp.length());
		}
		if (!starting && cell.jobMayGoOn() && cell.outcome().leavesTheJobOpen()) {
			assertThat(error).endsWith("resume(\"" + ((AkiResult) answer).jobId() + "\") follows it again");
		}
		if (cell.outcome() == Outcome.UNCONFIRMED) {
			assertThat(((AkiResult) answer).jobState()).isNotEqualTo(AkiJobState.CANCELED);
		}
		String open = ". The server may have started the job, so it was not started again";
		assertThat(error.endsWith(open)).as(error).isEqualTo(starting && cell.outcome().leavesTheStartOpen());
		if (cell.outcome().error() != null) {
			assertThat(error).startsWith(cell.outcome().error());
		}
		else {
			String reason = (answer.errorCode() != null) ? HttpStatus.valueOf(answer.errorCode()).getReasonPhrase()
					: FaultScenario.WORKER_ERROR;
			assertThat(error).containsAnyOf("(a fault of the emulator)", reason, "lapsed!", "Overloaded");
		}
	}

	@Test
	void aJobMoreThanMaxJobsIsRefusedAtOnceAndNotStarted() {
		try (AkiEmulator emulator = AkiEmulator.start(); AkiClient client = patient(emulator, (wait) -> {
		}).concurrency(new AkiConcurrency(1, 4, 1, false)).build()) {
			AkiJob job = client.doApiRequestAsync(FaultScenario.HANG);
			assertThat(job.progress().findFirst()).isPresent();
			assertThatExceptionOfType(TaskRejectedException.class)
				.isThrownBy(() -> client.doApiRequestAwait(FaultScenario.HELLO))
				.withMessageContaining("'aki.io.concurrency.max-jobs'");
			assertThat(emulator.jobs()).hasSize(1);
		}
	}

	@Test
	void aRetryAfterIsHonouredUpToMaxDelay() {
		List<Duration> waits = new ArrayList<>();
		try (AkiEmulator emulator = AkiEmulator.builder().pace(1000).build();
				AkiClient client = patient(emulator, waits::add).build()) {
			emulator.faults()
				.add(AkiEmulatorFault.status(429).retryAfter(Duration.ofMinutes(5)).onPhase(Phase.CALL))
				.add(AkiEmulatorFault.status(503).retryAfter(Duration.ofDays(5)).onPhase(Phase.CALL));
			assertThat(client.doApiRequest(FaultScenario.HELLO).success()).isTrue();
			assertThat(waits).containsExactly(Duration.ofMinutes(5), Duration.ofHours(1));
		}
	}

	@Test
	void aRetryAfterIsHonouredByStartsUpToJobTimeoutAndByPollsUpToOutageTimeout() {
		try (AkiEmulator emulator = AkiEmulator.start(); AkiClient client = patient(emulator, (wait) -> {
		}).build()) {
			AkiEmulatorFault start = AkiEmulatorFault.status(429)
				.retryAfter(Duration.ofMinutes(5))
				.onPhase(Phase.START)
				.always();
			emulator.faults().add(start);
			AkiClient hasty = client.mutate().jobTimeout(Duration.ofSeconds(2)).build();
			assertThat(hasty.doApiRequestAwait(FaultScenario.HANG).error()).contains("'job-timeout'");
			assertThat(emulator.faults().count(start)).isEqualTo(1);
			emulator.faults().clear();
			AkiEmulatorFault poll = AkiEmulatorFault.status(503)
				.retryAfter(Duration.ofMinutes(5))
				.onPhase(Phase.POLL)
				.always();
			emulator.faults().add(poll);
			AkiResult result = client.doApiRequestAwait(FaultScenario.HANG);
			assertThat(result.error()).startsWith("Gave up");
			assertThat(emulator.faults().count(poll)).as("the first, and a last one").isEqualTo(2);
		}
	}

	private static AkiClient.Builder patient(AkiEmulator emulator, Timing.Sleeper sleeper) {
		return new DefaultAkiClientBuilder().timing(new Timing(System::nanoTime, () -> 0, sleeper))
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.progressInterval(Duration.ofMillis(2))
			.outageTimeout(ResilienceFixture.SHORT)
			.retry(new AkiRetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofHours(1)));
	}

	@Test
	void faultsCanBeProvokedInTestsOfYourOwn() {
		// @formatter:off
		// tag::faults[]
		try (AkiEmulator emulator = AkiEmulator.builder().pace(100).build();
				AkiClient aki = AkiClient.builder().apiServer(emulator.apiServer()).apiKey(emulator.apiKey())
						.endpoint("llama3_8b_chat")
						.retry(new AkiRetryPolicy(4, Duration.ofMillis(1), 2, Duration.ofMillis(10))) // tests don't wait
						.build()) {
			emulator.faults()
					.add(AkiEmulatorFault.status(503).retryAfter(Duration.ofMinutes(1)).onPhase(Phase.START))
					.add(AkiEmulatorFault.html(502).onPhase(Phase.RESULT).times(2))
					.add(AkiEmulatorFault.loseResult());
			AkiResult result = aki.doApiRequestAwait(AkiParameters.chat().user("Tell me a joke"));
			assertThat(result.error()).startsWith("The job is done but its result is lost");
			assertThat(emulator.jobs()).as("paid once").hasSize(1);
			assertThat(emulator.faults().count()).isEqualTo(4);
		}
		// end::faults[]
		// @formatter:on
	}

	@Test
	void theDocumentationShowsTheTable() throws IOException {
		String page = Files.readString(PAGE);
		assertThat(page).contains(BEGIN, END);
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		int end = page.indexOf(END);
		if (Boolean.getBoolean("update-docs")) {
			Files.writeString(PAGE, page.substring(0, begin) + ResilienceTable.markdown() + page.substring(end));
			return;
		}
		assertThat(page.substring(begin, end))
			.as("the table in %s; to write it anew, run this test with -Dupdate-docs=true", PAGE)
			.isEqualTo(ResilienceTable.markdown());
	}

}
