package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which exchanges a fault is applied to.
 */
class AkiEmulatorFaultSelectionTests {

	private static final String CHAT = "llama3_8b_chat";

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@ParameterizedTest
	@EnumSource(Phase.class)
	void aFaultStrikesInItsPhaseAlone(Phase phase) {
		String runningJob = this.client.chat("HANG");
		String done = this.client.chat("Hello");
		this.clock.advance(Duration.ofMinutes(5));
		this.emulator.faults().add(AkiEmulatorFault.status(418).onPhase(phase).always());
		List<Phase> affected = new ArrayList<>();
		note(affected, Phase.START, this.client.call(CHAT, Map.of("prompt_input", "Hello", "wait_for_result", false)));
		// an invalid parameter, because a valid call would wait for its job
		note(affected, Phase.CALL, this.client.call(CHAT, Map.of("nonsense", 1)));
		note(affected, Phase.POLL, this.client.poll(runningJob));
		note(affected, Phase.RESULT, this.client.poll(done));
		note(affected, Phase.CANCEL, this.client.cancel(CHAT, runningJob));
		note(affected, Phase.GET, this.client.get("/api/validate_key", Map.of("key", "test-key")));
		note(affected, Phase.GET, this.client.get("/api/endpoints", Map.of()));
		note(affected, Phase.GET, this.client.get("/api/endpoints/" + CHAT, Map.of("key", "test-key")));
		assertThat(affected).isNotEmpty().containsOnly(phase).hasSize((phase == Phase.GET) ? 3 : 1);
	}

	@Test
	void aFaultInAPhaseThatOnlyTheBodyTellsIsDecidedOnce() {
		AkiEmulatorFault third = AkiEmulatorFault.status(500).onPhase(Phase.POLL).after(2);
		AkiEmulatorFault any = AkiEmulatorFault.status(502).after(3);
		this.emulator.faults().add(third).add(any);
		List<Integer> statuses = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			statuses.add(this.client.poll("x").status());
		}
		assertThat(statuses).containsExactly(402, 402, 500, 502, 402);
	}

	@Test
	void aFaultStrikesAtItsEndpointAlone() {
		this.emulator.faults().add(AkiEmulatorFault.status(503).onEndpoint("qwen_image").always());
		assertThat(this.client.get("/api/endpoints/qwen_image", Map.of("key", "test-key")).status()).isEqualTo(503);
		assertThat(this.client.poll("qwen_image", "x").status()).isEqualTo(503);
		assertThat(this.client.call("qwen_image", Map.of()).status()).isEqualTo(503);
		assertThat(this.client.get("/api/endpoints/" + CHAT, Map.of("key", "test-key")).status()).isEqualTo(200);
		assertThat(this.client.get("/api/endpoints", Map.of()).status()).isEqualTo(200);
		assertThat(this.client.poll(CHAT, "x").status()).isEqualTo(402);
	}

	@Test
	void whatIsNotTheApiIsSpared() {
		this.emulator.faults().add(AkiEmulatorFault.status(503).always());
		assertThat(this.client.get("/favicon.ico", Map.of()).status()).isEqualTo(404);
	}

	@Test
	void aFaultStrikesOnceUnlessToldOtherwise() {
		AkiEmulatorFault once = AkiEmulatorFault.status(500);
		AkiEmulatorFault twice = AkiEmulatorFault.status(502).times(2);
		AkiEmulatorFault always = AkiEmulatorFault.status(504).always();
		this.emulator.faults().add(once).add(twice).add(always);
		assertThat(statuses(6)).containsExactly(500, 502, 502, 504, 504, 504);
		assertThat(this.emulator.faults().counts()).isEqualTo(Map.of(once, 1, twice, 2, always, 3));
		assertThat(this.emulator.faults().count()).isEqualTo(6);
		assertThat(this.emulator.faults().count(twice)).isEqualTo(2);
	}

	@Test
	void aFaultSparesTheFirstExchangesThatItMatches() {
		this.emulator.faults().add(AkiEmulatorFault.status(500).onPhase(Phase.GET).after(2).times(2));
		this.client.poll("x");
		assertThat(statuses(5)).containsExactly(200, 200, 500, 500, 200);
	}

	@Test
	void exchangesThatAnotherFaultStruckCountAsSpared() {
		this.emulator.faults().add(AkiEmulatorFault.status(500).times(2));
		this.emulator.faults().add(AkiEmulatorFault.status(502).after(3));
		assertThat(statuses(5)).containsExactly(500, 500, 200, 502, 200);
	}

	@Test
	void clearedFaultsStrikeNoMore() {
		AkiEmulatorFault always = AkiEmulatorFault.status(500).always();
		this.emulator.faults().add(always);
		assertThat(statuses(1)).containsExactly(500);
		this.emulator.faults().clear();
		assertThat(statuses(1)).containsExactly(200);
		assertThat(this.emulator.faults().count(always)).isEqualTo(1);
	}

	@Test
	void lotsAreTheSameForTheSameSeed() {
		List<Integer> first = lots(42);
		assertThat(lots(42)).isEqualTo(first);
		assertThat(lots(43)).isNotEqualTo(first);
		assertThat(first).contains(200, 500, 503);
		assertThat(first.stream().filter((status) -> status != 200)).hasSizeBetween(20, 60);
	}

	@Test
	void lotsAreDrawnAmongTheFaultsThatMatch() {
		AkiEmulatorFault poll = AkiEmulatorFault.status(502).onPhase(Phase.POLL);
		AkiEmulatorFault get = AkiEmulatorFault.status(503).onPhase(Phase.GET).times(2);
		this.emulator.faults().atRandom(1, 1, poll, get, AkiEmulatorFault.lapse());
		assertThat(statuses(3)).containsExactly(503, 503, 200);
		assertThat(this.client.poll("x").status()).isEqualTo(502);
		assertThat(this.client.call(CHAT, Map.of("nonsense", 1)).status()).isEqualTo(400);
	}

	@Test
	void faultsSayWhatTheyAre() {
		assertThat(AkiEmulatorFault.reset().beforeReading().onPhase(Phase.POLL).onEndpoint(CHAT))
			.hasToString("reset before reading on [POLL] at llama3_8b_chat");
		assertThat(AkiEmulatorFault.reset()).hasToString("reset after reading");
		assertThat(AkiEmulatorFault.lapse()).hasToString("lapse");
		assertThat(AkiEmulatorFault.status(503)).hasToString("status 503");
	}

	private List<Integer> lots(long seed) {
		this.emulator.reset();
		this.emulator.faults().atRandom(seed, 0.2, AkiEmulatorFault.status(500), AkiEmulatorFault.status(503));
		return statuses(200);
	}

	private List<Integer> statuses(int exchanges) {
		List<Integer> statuses = new ArrayList<>();
		for (int i = 0; i < exchanges; i++) {
			statuses.add(this.client.get("/api/endpoints", Map.of()).status());
		}
		return statuses;
	}

	private static void note(List<Phase> affected, Phase phase, EmulatorClient.Reply reply) {
		if (reply.status() == 418) {
			affected.add(phase);
		}
	}

}
