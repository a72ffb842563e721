package io.aki.spring.boot.test;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for an emulator that refuses connections, and for one that is closed while faults
 * are active.
 */
class AkiEmulatorOutageTests {

	private static final String CHAT = "llama3_8b_chat";

	@Test
	void connectionsAreRefusedAndThenTakenAgainOnTheSamePort() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			EmulatorClient client = new EmulatorClient(emulator);
			int port = emulator.port();
			String job = client.chat("HANG");
			for (int i = 0; i < 3; i++) {
				emulator.refuseConnections(true);
				emulator.refuseConnections(true);
				assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new RawClient(emulator).close())
					.withMessageContaining("refused");
				emulator.refuseConnections(false);
				emulator.refuseConnections(false);
				assertThat(client.poll(job).state()).isEqualTo("processing");
			}
			assertThat(emulator.port()).isEqualTo(port);
		}
	}

	@Test
	void goingOffTheNetworkClosesTheConnections() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.start(); RawClient idle = new RawClient(emulator)) {
			CompletableFuture<EmulatorClient.Reply> call = new EmulatorClient(emulator).callLater(CHAT,
					Map.of("prompt_input", "HANG"));
			emulator.refuseConnections(true);
			assertThat(idle.input().read()).isEqualTo(-1);
			assertThat(call).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(IOException.class);
			assertThat(emulator.jobs()).singleElement().extracting(AkiEmulatorJob::state).isEqualTo("processing");
		}
	}

	@Test
	@Timeout(20)
	void anEmulatorThatIsOffTheNetworkCanBeClosed() {
		AkiEmulator emulator = AkiEmulator.start();
		Set<Thread> own = threads();
		emulator.refuseConnections(true);
		emulator.close();
		assertThat(own).noneMatch(Thread::isAlive);
		emulator.refuseConnections(false);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new RawClient(emulator).close());
		try (AkiEmulator next = AkiEmulator.builder().port(emulator.port()).build()) {
			assertThat(next.port()).isEqualTo(emulator.port());
		}
	}

	@Test
	@Timeout(20)
	void closingEndsWhatIsStalledAndWhatTrickles() throws Exception {
		AkiEmulator emulator = AkiEmulator.start();
		emulator.faults()
			.add(AkiEmulatorFault.stalled().onPhase(Phase.START))
			.add(AkiEmulatorFault.tricklingBody(Duration.ofHours(1)).onPhase(Phase.START))
			.add(AkiEmulatorFault.stalled().beforeReading())
			.add(AkiEmulatorFault.oversized(1L << 40));
		try (RawClient stalled = new RawClient(emulator);
				RawClient trickling = new RawClient(emulator);
				RawClient unread = new RawClient(emulator);
				RawClient oversized = new RawClient(emulator)) {
			stalled.start("Hello");
			awaitStalled(emulator, 1);
			trickling.start("Hello").readHead();
			unread.head("/api/call/" + CHAT, 1000);
			awaitStalled(emulator, 2);
			oversized.start("Hello").readHead();
			Set<Thread> own = threads();
			emulator.close();
			assertThat(own).isNotEmpty().noneMatch(Thread::isAlive);
			assertThat(stalled.input().read()).isEqualTo(-1);
			assertThat(trickling.input().readAllBytes()).hasSize(1);
		}
		assertThat(emulator.jobs()).hasSize(3);
		assertThat(emulator.faults().count()).isEqualTo(4);
	}

	@Test
	@Timeout(60)
	void manyExchangesCanFailAtOnce() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(1000).workers(CHAT, 100).build()) {
			emulator.faults()
				.atRandom(7, 0.5, AkiEmulatorFault.reset(), AkiEmulatorFault.reset().beforeReading(),
						AkiEmulatorFault.truncatedBody(), AkiEmulatorFault.status(503), AkiEmulatorFault.html(502),
						AkiEmulatorFault.tricklingBody(Duration.ZERO), AkiEmulatorFault.workerError("out of luck"));
			EmulatorClient client = new EmulatorClient(emulator);
			CompletableFuture<?>[] calls = new CompletableFuture<?>[200];
			for (int i = 0; i < calls.length; i++) {
				calls[i] = CompletableFuture
					.supplyAsync(() -> client.call(CHAT, Map.of("prompt_input", "Hello", "wait_for_result", true)))
					.handle((reply, failure) -> true);
			}
			CompletableFuture.allOf(calls).get(50, TimeUnit.SECONDS);
			assertThat(emulator.faults().count()).isBetween(50, 150);
			assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("done");
			assertThat(emulator.jobs()).extracting(AkiEmulatorJob::handedOut).containsOnly(1);
		}
	}

	private static void awaitStalled(AkiEmulator emulator, int number) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> emulator.faults().stalled() == number);
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("aki-emulator"))
			.collect(Collectors.toSet());
	}

}
