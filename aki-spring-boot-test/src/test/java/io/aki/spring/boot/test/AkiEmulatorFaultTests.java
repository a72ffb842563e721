package io.aki.spring.boot.test;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for each fault: what a client receives, and the state of the jobs and requests in
 * the emulator.
 */
class AkiEmulatorFaultTests {

	private static final String CHAT = "llama3_8b_chat";

	private static final Map<String, Object> SMALL = Map.of("prompt", "a lake", "width", 128, "height", 128);

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void aConnectionIsResetBeforeTheBodyHasCome() throws Exception {
		add(AkiEmulatorFault.reset().beforeReading());
		try (RawClient raw = new RawClient(this.emulator)) {
			raw.head("/api/call/" + CHAT, 1000);
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> raw.input().read())
				.withMessageContaining("reset");
		}
		assertThat(this.emulator.jobs()).isEmpty();
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void aConnectionIsResetBeforeTheServerHasActedWhereOnlyTheBodyTellsThePhase() throws Exception {
		add(AkiEmulatorFault.reset().beforeReading().onPhase(Phase.START));
		try (RawClient raw = new RawClient(this.emulator)) {
			raw.start("Hello");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> raw.input().read());
		}
		assertThat(this.emulator.jobs()).isEmpty();
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void aConnectionIsResetAfterTheJobWasStarted() throws Exception {
		add(AkiEmulatorFault.reset().afterReading().onPhase(Phase.START));
		try (RawClient raw = new RawClient(this.emulator)) {
			raw.start("Hello");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> raw.input().read())
				.withMessageContaining("reset");
		}
		assertThat(this.emulator.jobs()).singleElement().extracting(AkiEmulatorJob::state).isEqualTo("processing");
		assertThat(this.emulator.requests()).hasSize(1);
	}

	@Test
	void aResultIsHandedOutAndLostOnTheWay() {
		add(AkiEmulatorFault.reset().onPhase(Phase.RESULT));
		String job = finished();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.client.poll(job))
			.withCauseInstanceOf(IOException.class);
		assertThat(job().handedOut()).isEqualTo(1);
		EmulatorClient.Reply again = this.client.poll(job);
		assertThat(again.state()).isEqualTo("done");
		assertThat(again.json().has("job_result")).isFalse();
	}

	@Test
	void aCallThatWaitsIsResetWhenItsJobHasEnded() {
		add(AkiEmulatorFault.reset().onPhase(Phase.CALL));
		CompletableFuture<EmulatorClient.Reply> call = this.client.callLater(CHAT, Map.of("prompt_input", "Hello"));
		assertThat(call).isNotDone();
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(call).failsWithin(Duration.ofSeconds(20)).withThrowableThat().withCauseInstanceOf(IOException.class);
		assertThat(job().handedOut()).isEqualTo(1);
	}

	@Test
	void aBodyIsTruncated() throws Exception {
		add(AkiEmulatorFault.truncatedBody().onPhase(Phase.RESULT).times(2));
		String job = finished();
		try (RawClient raw = new RawClient(this.emulator)) {
			int announced = RawClient.contentLength(raw.poll(CHAT, job).readHead());
			byte[] body = raw.input().readAllBytes();
			assertThat(body).hasSize(announced / 2);
			assertThat(new String(body, StandardCharsets.UTF_8)).startsWith("{\"success\":true");
		}
		assertThat(job().handedOut()).isEqualTo(1);
		String other = finished();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.client.poll(other))
			.withCauseInstanceOf(IOException.class);
	}

	@Test
	void theJsonIsCutOffInACompleteAnswer() {
		add(AkiEmulatorFault.invalidJson().onPhase(Phase.START));
		EmulatorClient.Reply reply = start();
		assertThat(reply.status()).isEqualTo(200);
		assertThat(reply.contentType()).startsWith("application/json");
		assertThat(reply.text()).startsWith("{\"success\":true").doesNotEndWith("}");
		assertThat(job().state()).isEqualTo("processing");
	}

	@Test
	void theClientIsSentElsewhere() {
		add(AkiEmulatorFault.redirect("https://elsewhere.example/"));
		add(AkiEmulatorFault.redirect("/").retryAfter(Duration.ofSeconds(1)));
		EmulatorClient.Reply reply = start();
		assertThat(reply.status()).isEqualTo(302);
		assertThat(reply.headers()).containsEntry("Location", List.of("https://elsewhere.example/"))
			.doesNotContainKey("Retry-After");
		assertThat(reply.text()).isEmpty();
		assertThat(start().headers()).containsEntry("Location", List.of("/")).containsKey("Retry-After");
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void aBodyTricklesAsTheClockIsAdvanced() throws Exception {
		add(AkiEmulatorFault.tricklingBody(Duration.ofSeconds(1)).onPhase(Phase.START));
		try (RawClient raw = new RawClient(this.emulator)) {
			int length = RawClient.contentLength(raw.start("HANG").readHead());
			StringBuilder body = new StringBuilder();
			body.append((char) raw.input().read());
			assertThat(raw.input().available()).isZero();
			while (body.length() < length) {
				this.clock.advance(Duration.ofSeconds(1));
				body.append((char) raw.input().read());
				assertThat(raw.input().available()).isZero();
			}
			assertThat(body.toString()).contains(job().id()).endsWith("}");
		}
	}

	@Test
	void aBodyTricklesInRealTime() throws Exception {
		try (AkiEmulator real = AkiEmulator.start()) {
			real.faults().add(AkiEmulatorFault.tricklingBody(Duration.ofMillis(1)).onPhase(Phase.GET));
			real.faults().add(AkiEmulatorFault.tricklingBody(Duration.ZERO).onPhase(Phase.GET));
			for (int i = 0; i < 2; i++) {
				assertThat(new EmulatorClient(real).get("/api/endpoints", Map.of()).at("/endpoints")).hasSize(5);
			}
			assertThat(real.faults().count()).isEqualTo(2);
		}
	}

	@Test
	void theContentTypeIsWrong() {
		add(AkiEmulatorFault.wrongContentType());
		EmulatorClient.Reply reply = this.client.get("/api/endpoints", Map.of());
		assertThat(reply.contentType()).startsWith("text/plain");
		assertThat(reply.at("/endpoints")).hasSize(5);
	}

	@Test
	void aGatewayAnswersInHtml() {
		add(AkiEmulatorFault.html(502).onPhase(Phase.START).retryAfter("Wed, 21 Oct 2026 07:28:00 GMT"));
		EmulatorClient.Reply reply = start();
		assertThat(reply.status()).isEqualTo(502);
		assertThat(reply.contentType()).isEqualTo("text/html");
		assertThat(reply.text()).contains("<h1>502 Bad Gateway</h1>");
		assertThat(reply.headers()).containsEntry("retry-after", List.of("Wed, 21 Oct 2026 07:28:00 GMT"));
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 204, 500 })
	void theAnswerIsEmpty(int status) {
		add(AkiEmulatorFault.empty(status));
		EmulatorClient.Reply reply = start();
		assertThat(reply.status()).isEqualTo(status);
		assertThat(reply.text()).isEmpty();
		assertThat(reply.contentType()).isEmpty();
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 504, 599 })
	void theStatusIsAnError(int status) {
		add(AkiEmulatorFault.status(status));
		add(AkiEmulatorFault.status(status).retryAfter(Duration.ofMillis(1500)));
		EmulatorClient.Reply reply = start();
		assertThat(reply.status()).isEqualTo(status);
		assertThat(reply.contentType()).isEqualTo("application/json");
		assertThat(reply.at("/success").asBoolean(true)).isFalse();
		assertThat(reply.at("/error").asString()).isNotBlank();
		assertThat(reply.headers()).doesNotContainKey("retry-after");
		assertThat(start().headers()).containsEntry("retry-after", List.of("2"));
		assertThat(this.emulator.jobs()).isEmpty();
		assertThat(this.emulator.requests()).hasSize(2);
	}

	@Test
	void aGatewayMayHavePassedTheRequestOn() {
		add(AkiEmulatorFault.html(504).afterReading());
		assertThat(start().status()).isEqualTo(504);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void aBodyIsOversized() {
		add(AkiEmulatorFault.oversized(3_000_001).onPhase(Phase.RESULT));
		EmulatorClient.Reply reply = this.client.poll(finished());
		assertThat(reply.headers()).containsEntry("content-length", List.of("3000001"));
		assertThat(reply.text().getBytes(StandardCharsets.UTF_8).length).isEqualTo(3_000_001);
		assertThat(reply.at("/job_result/text").asString()).isNotEmpty();
		assertThat(reply.at("/padding").asString().length()).isGreaterThan(2_900_000);
		assertThat(job().handedOut()).isEqualTo(1);
	}

	@Test
	void anOversizedBodyMayNotSaySo() {
		add(AkiEmulatorFault.oversizedInChunks(3_000_001));
		EmulatorClient.Reply reply = this.client.get("/api/endpoints", Map.of());
		assertThat(reply.headers()).doesNotContainKey("content-length");
		assertThat(reply.text().length()).isEqualTo(3_000_001);
		assertThat(reply.at("/endpoints")).hasSize(5);
	}

	@Test
	void anAnswerIsStalledUntilItIsReleased() throws Exception {
		add(AkiEmulatorFault.stalled().onPhase(Phase.START));
		CompletableFuture<EmulatorClient.Reply> call = CompletableFuture.supplyAsync(this::start);
		awaitStalled();
		assertThat(this.emulator.jobs()).hasSize(1);
		assertThat(call).isNotDone();
		this.emulator.faults().release();
		assertThat(call.get(20, TimeUnit.SECONDS).at("/job_id").asString()).isEqualTo(job().id());
		assertThat(this.emulator.faults().stalled()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aRequestIsStalledBeforeTheServerHasActed(boolean byPhase) throws Exception {
		AkiEmulatorFault fault = AkiEmulatorFault.stalled().beforeReading();
		add(byPhase ? fault.onPhase(Phase.START) : fault);
		CompletableFuture<EmulatorClient.Reply> call = CompletableFuture.supplyAsync(this::start);
		awaitStalled();
		assertThat(this.emulator.jobs()).isEmpty();
		this.emulator.faults().release();
		assertThat(call.get(20, TimeUnit.SECONDS).at("/job_id").asString()).isEqualTo(job().id());
		assertThat(this.emulator.requests()).hasSize(1);
	}

	@Test
	void resettingCutsOffWhatIsStalled() {
		add(AkiEmulatorFault.stalled().always());
		CompletableFuture<EmulatorClient.Reply> call = CompletableFuture.supplyAsync(this::start);
		awaitStalled();
		this.emulator.reset();
		assertThat(call).failsWithin(Duration.ofSeconds(20));
		assertThat(this.emulator.faults().count()).isZero();
		assertThat(start().status()).isEqualTo(200);
	}

	@Test
	void aJobLapsesAtAPoll() {
		add(AkiEmulatorFault.lapse().after(1));
		String job = this.client.chat("HANG");
		assertThat(this.client.poll(job).state()).isEqualTo("processing");
		EmulatorClient.Reply reply = this.client.poll(job);
		assertThat(reply.status()).isEqualTo(400);
		assertThat(reply.state()).isEqualTo("lapsed");
		assertThat(job().state()).isEqualTo("lapsed");
		assertThat(job().polls()).isEqualTo(2);
	}

	@Test
	void aJobLapsesInPlaceOfACancel() {
		add(AkiEmulatorFault.lapse());
		assertThat(this.client.cancel(CHAT, this.client.chat("HANG")).state()).isEqualTo("lapsed");
	}

	@Test
	void aPollThatIsAboutNoJobUnderWayLapsesNothing() {
		AkiEmulatorFault lapse = AkiEmulatorFault.lapse().always();
		add(lapse);
		String job = finished();
		assertThat(this.client.poll(job).state()).isEqualTo("done");
		assertThat(this.client.poll(job).state()).isEqualTo("done");
		assertThat(this.client.poll("nope").status()).isEqualTo(402);
		String runningJob = this.client.chat("HANG");
		Map<String, Object> stranger = Map.of("key", "wrong", "job_id", runningJob);
		assertThat(this.client.post("/api/progress/" + CHAT, EmulatorClient.JSON.writeValueAsString(stranger)).status())
			.isEqualTo(401);
		assertThat(this.emulator.faults().count(lapse)).isZero();
	}

	@Test
	void aResultIsLost() {
		add(AkiEmulatorFault.loseResult());
		EmulatorClient.Reply reply = this.client.poll(finished());
		assertThat(reply.state()).isEqualTo("done");
		assertThat(reply.json().has("job_result")).isFalse();
		assertThat(reply.json().has("progress")).isFalse();
		assertThat(job().handedOut()).isEqualTo(1);
		assertThat(job().polls()).isEqualTo(1);
	}

	@Test
	void aCancelIsIgnored() {
		add(AkiEmulatorFault.ignoreCancel());
		String job = this.client.chat("HANG");
		assertThat(this.client.cancel(CHAT, job).state()).isEqualTo("processing");
		assertThat(this.client.cancel(CHAT, job).state()).isEqualTo("canceled");
		assertThat(job().cancelRequests()).isEqualTo(2);
	}

	@Test
	void theWorkerFailsFromTheStart() {
		add(AkiEmulatorFault.workerError("out of luck").onPhase(Phase.START));
		EmulatorClient.Reply reply = this.client.poll(finished());
		assertThat(reply.state()).isEqualTo("done");
		assertThat(reply.at("/job_result/success").asBoolean()).isTrue();
		assertThat(reply.at("/job_result/error").asString()).isEqualTo("out of luck");
	}

	@Test
	void theWorkerFailsBetweenPolls() {
		add(AkiEmulatorFault.workerError("out of luck").onPhase(Phase.POLL).after(1));
		String job = this.client.chat("HANG");
		assertThat(this.client.poll(job).state()).isEqualTo("processing");
		assertThat(this.client.poll(job).at("/job_result/error").asString()).isEqualTo("out of luck");
		assertThat(job().state()).isEqualTo("done");
	}

	@Test
	void theWorkerFailsAQueuedJob() {
		try (AkiEmulator busy = AkiEmulator.builder().clock(this.clock).workers(CHAT, 1).build()) {
			busy.faults().add(AkiEmulatorFault.workerError("out of luck").onPhase(Phase.POLL));
			EmulatorClient other = new EmulatorClient(busy);
			other.chat("HANG");
			assertThat(other.poll(other.chat("Hello")).at("/job_result/error").asString()).isEqualTo("out of luck");
		}
	}

	@Test
	void theWorkerFailsInPlaceOfTheResult() {
		add(AkiEmulatorFault.workerError("out of luck").onPhase(Phase.RESULT));
		EmulatorClient.Reply reply = this.client.poll(finished());
		assertThat(reply.at("/job_result/error").asString()).isEqualTo("out of luck");
		assertThat(reply.json().at("/job_result").has("text")).isFalse();
	}

	@Test
	void theWorkerFailsACallThatWaits() throws Exception {
		add(AkiEmulatorFault.workerError("out of luck").onPhase(Phase.POLL));
		CompletableFuture<EmulatorClient.Reply> call = this.client.callLater(CHAT, Map.of("prompt_input", "HANG"));
		this.client.poll(job().id());
		assertThat(call.get(20, TimeUnit.SECONDS).at("/error").asString()).isEqualTo("out of luck");
	}

	@Test
	void theWorkerVanishes() {
		add(AkiEmulatorFault.workerGone().onPhase(Phase.POLL).after(1));
		String job = this.client.chat("Tell me a story");
		this.clock.advance(Duration.ofSeconds(1));
		EmulatorClient.Reply before = this.client.poll(job);
		assertThat(before.at("/progress/num_workers_online").asInt()).isEqualTo(1);
		this.client.poll(job);
		this.clock.advance(Duration.ofDays(1));
		EmulatorClient.Reply reply = this.client.poll(job);
		assertThat(reply.state()).isEqualTo("processing");
		assertThat(reply.at("/progress/num_workers_online").asInt()).isZero();
		assertThat(reply.at("/progress/progress_data/text")).isEqualTo(before.at("/progress/progress_data/text"));
		assertThat(this.client.cancel(CHAT, job).state()).isEqualTo("canceled");
	}

	@Test
	void theWorkerIsGoneFromTheStart() {
		add(AkiEmulatorFault.workerGone());
		String job = finished();
		EmulatorClient.Reply reply = this.client.poll(job);
		assertThat(reply.state()).isEqualTo("processing");
		assertThat(reply.at("/progress/num_workers_online").asInt()).isZero();
	}

	@Test
	void theClockJumpsForward() {
		add(AkiEmulatorFault.clockJump(Duration.ofHours(1)).onPhase(Phase.POLL));
		EmulatorClient.Reply reply = this.client.poll(this.client.chat("Hello"));
		assertThat(reply.state()).isEqualTo("done");
		assertThat(this.clock.instant()).isEqualTo("2026-01-01T01:00:00Z");
	}

	@Test
	void jobsGoOnWhenTheClockIsSetBack() {
		String job = this.client.start("z_image_turbo", SMALL);
		this.clock.advance(Duration.ofSeconds(2));
		this.clock.jump(Duration.ofHours(-1));
		assertThat(this.client.poll("z_image_turbo", job).at("/progress/estimate").asDouble()).isEqualTo(1);
		this.clock.advance(Duration.ofSeconds(1));
		EmulatorClient.Reply reply = this.client.poll("z_image_turbo", job);
		assertThat(reply.state()).isEqualTo("done");
		assertThat(reply.at("/job_result/compute_duration").asDouble()).isEqualTo(3);
	}

	@Test
	void jobsGoOnWhenTheSystemsClockIsSetBack() throws Exception {
		try (AkiEmulator real = AkiEmulator.builder().pace(20).build()) {
			real.faults().add(AkiEmulatorFault.clockJump(Duration.ofHours(-1)).onPhase(Phase.GET));
			EmulatorClient other = new EmulatorClient(real);
			CompletableFuture<EmulatorClient.Reply> call = other.callLater("z_image_turbo", SMALL);
			other.get("/api/endpoints", Map.of());
			assertThat(call.get(20, TimeUnit.SECONDS).at("/images")).hasSize(1);
			assertThat(real.faults().count()).isEqualTo(1);
		}
	}

	@Test
	void faultsThatMakeNoSenseAreRefused() {
		assertThatIllegalStateException().isThrownBy(() -> AkiEmulatorFault.truncatedBody().beforeReading());
		assertThatIllegalStateException().isThrownBy(() -> AkiEmulatorFault.status(500).beforeReading());
		assertThatIllegalStateException().isThrownBy(() -> AkiEmulatorFault.reset().retryAfter("1"));
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.loseResult().onPhase(Phase.GET))
			.withMessageContaining("RESULT");
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.status(100));
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.workerError(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.oversized(0));
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.tricklingBody(Duration.ofMillis(-1)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> AkiEmulatorFault.status(503).retryAfter(Duration.ofMillis(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.lapse().times(0));
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorFault.lapse().after(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.emulator.faults().atRandom(1, 0.5));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.emulator.faults().atRandom(1, 1.5, AkiEmulatorFault.reset()));
	}

	private void add(AkiEmulatorFault fault) {
		this.emulator.faults().add(fault);
	}

	private EmulatorClient.Reply start() {
		return this.client.call(CHAT, Map.of("prompt_input", "Hello", "wait_for_result", false));
	}

	private String finished() {
		String job = this.client.chat("Hello");
		this.clock.advance(Duration.ofMinutes(5));
		return job;
	}

	private AkiEmulatorJob job() {
		return this.emulator.jobs().get(0);
	}

	private void awaitStalled() {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> this.emulator.faults().stalled() == 1);
	}

}
