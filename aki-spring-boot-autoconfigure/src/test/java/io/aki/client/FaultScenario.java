package io.aki.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

import io.aki.client.ResilienceFixture.Observed;
import io.aki.client.ResilienceTable.Cell;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;

/**
 * Provokes a fault in a phase of a job, over real sockets, and returns the outcome.
 */
interface FaultScenario {

	/** More bytes than the clients of the fixture accept. */
	long TOO_LARGE = 100_000;

	String WORKER_ERROR = "CUDA out of memory";

	Map<String, Object> HELLO = Map.of("prompt_input", "Hello", "max_gen_tokens", 3);

	Map<String, Object> HANG = Map.of("prompt_input", "HANG");

	FaultScenario SERVER_ERROR_WITH_JOB = (fixture, cell, lasting) -> {
		try (ScriptedServer server = new ScriptedServer(); AkiClient client = fixture.clientOf(server).build()) {
			server.reply(503, "{\"success\": false, \"error\": \"Overloaded\", \"job_id\": \"j#1\"}")
				.json("{\"success\": true, \"job_state\": \"canceled\"}");
			AkiResult answer = (cell.phase() == Phase.CALL) ? client.doApiRequest(HANG)
					: fixture.follow(client, HANG, (i, d) -> {
					});
			long starts = server.requests()
				.stream()
				.filter((request) -> request.path().startsWith("/api/call/"))
				.count();
			return new Observed(answer, null, (int) starts, List.of());
		}
	};

	FaultScenario CANCELED_BY_ANOTHER = (fixture, cell, lasting) -> {
		try (ScriptedServer server = new ScriptedServer(); AkiClient client = fixture.clientOf(server).build()) {
			server.json("{\"success\": true, \"job_id\": \"j#1\"}")
				.json("{\"success\": true, \"job_state\": \"canceled\", \"progress\": {\"progress\": 1}}");
			return new Observed(fixture.follow(client, HANG, (info, data) -> {
			}), null, 1, List.of());
		}
	};

	FaultScenario LAPSE = (fixture, cell, lasting) -> {
		if (cell.phase() != Phase.CALL) {
			return new ExchangeFault(AkiEmulatorFault.lapse(), false).provoke(fixture, cell, lasting);
		}
		AkiEmulator emulator = fixture.emulator(cell.phase());
		try (AkiClient client = fixture.client(emulator).build()) {
			FutureTask<AkiResult> call = inThread(() -> client.doApiRequest(HANG));
			await(() -> !emulator.jobs().isEmpty());
			emulator.lapse(emulator.jobs().get(0).id());
			return new Observed(call.get(), null, 1, emulator.jobs());
		}
	};

	FaultScenario WORKER_GONE = (fixture, cell, lasting) -> {
		AkiEmulator emulator = fixture.emulator(cell.phase());
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(cell.phase()));
		try (AkiClient client = fixture.client(emulator)
			.jobTimeout(ResilienceFixture.SLOW)
			.readTimeout(ResilienceFixture.SLOW)
			.build()) {
			return fixture.observe(client, emulator, cell.phase());
		}
	};

	FaultScenario UNKNOWN_STATE = (fixture, cell, lasting) -> {
		try (ScriptedServer server = new ScriptedServer();
				AkiClient client = fixture.clientOf(server).jobTimeout(ResilienceFixture.SLOW).build()) {
			server.json("{\"success\": true, \"job_id\": \"j#1\"}")
				.on((request) -> ScriptedServer.Reply.json(200, Boolean.TRUE.equals(request.json().get("cancel"))
						? "{\"success\": true, \"job_state\": \"canceled\"}"
						: "{\"success\": true, \"job_state\": \"pondering\", \"progress\": {\"progress\": 1}}"));
			return new Observed(fixture.follow(client, HANG, (info, data) -> {
			}), null, 1, List.of());
		}
	};

	FaultScenario CALLBACK_THROWS = (fixture, cell, lasting) -> {
		AkiEmulator emulator = fixture.emulator(cell.phase());
		try (AkiClient client = fixture.client(emulator).build()) {
			fixture.follow(client, HANG, (info, data) -> {
				if (cell.phase() == Phase.START || info.progress() > 0 || info.jobState() == AkiJobState.RUNNING) {
					throw new CallbackException();
				}
			});
			return new Observed(null, null, 1, emulator.jobs());
		}
		catch (CallbackException ex) {
			return new Observed(null, ex, 1, emulator.jobs());
		}
	};

	FaultScenario INTERRUPT = new FaultScenario() {

		@Override
		public Observed provoke(ResilienceFixture fixture, Cell cell, boolean lasting) throws Exception {
			AkiEmulator emulator = fixture.emulator(cell.phase());
			AkiEmulatorFault stalled = AkiEmulatorFault.stalled().onPhase(cell.phase());
			emulator.faults().add(stalled);
			try (AkiClient client = fixture.client(emulator).build()) {
				FutureTask<AkiResponse> call = new FutureTask<>(() -> switch (cell.phase()) {
					case CALL -> client.doApiRequest(HELLO);
					case GET -> client.getEndpointList();
					default -> client.doApiRequestAwait(HANG);
				});
				Thread caller = new Thread(call);
				caller.start();
				await(() -> emulator.faults().stalled() == 1);
				caller.interrupt();
				AkiResponse answer = call.get();
				emulator.faults().release();
				if (cell.phase() == Phase.START || cell.phase() == Phase.POLL) {
					await(() -> emulator.jobs().stream().anyMatch((job) -> job.state().equals("canceled")));
				}
				return new Observed(answer, null, emulator.faults().count(stalled), emulator.jobs());
			}
		}

		@Override
		public boolean dependsOnTheEngine(Phase phase) {
			return phase == Phase.CALL || phase == Phase.GET;
		}

	};

	FaultScenario CLOSE = (fixture, cell, lasting) -> closing(fixture, cell.phase(),
			fixture.client(fixture.emulator(cell.phase())), true);

	FaultScenario CLOSE_AND_LEAVE = (fixture, cell, lasting) -> closing(fixture, cell.phase(),
			fixture.client(fixture.emulator(cell.phase())).cancelOnClose(false), true);

	FaultScenario CLOSE_WITHOUT_ANSWER = (fixture, cell, lasting) -> closing(fixture, cell.phase(),
			fixture.client(fixture.emulator(cell.phase())).progressTimeout(ResilienceFixture.SLOW), false);

	/**
	 * Provoke the fault.
	 * @param lasting whether the fault is permanent, if the scenario supports this
	 */
	Observed provoke(ResilienceFixture fixture, Cell cell, boolean lasting) throws Exception;

	/**
	 * Return whether the JDK's engine notices the fault at once, but other engines do
	 * not.
	 */
	default boolean dependsOnTheEngine(Phase phase) {
		return false;
	}

	/**
	 * Return whether the fault makes the client wait until a timeout.
	 */
	default boolean takesTime() {
		return false;
	}

	/**
	 * Close a client while an exchange is in flight.
	 * @param answered whether the exchange is then answered
	 */
	private static Observed closing(ResilienceFixture fixture, Phase phase, AkiClient.Builder builder, boolean answered)
			throws Exception {
		AkiEmulator emulator = fixture.emulator(phase);
		AkiEmulatorFault stalled = AkiEmulatorFault.stalled().onPhase(phase);
		emulator.faults().add(stalled);
		AkiClient client = builder.build();
		Future<? extends AkiResponse> call = (phase == Phase.CALL) ? inThread(() -> client.doApiRequest(HELLO)) : null;
		AkiJob job = (phase != Phase.CALL) ? fixture.begin(client, phase) : null;
		await(() -> emulator.faults().stalled() == 1);
		FutureTask<?> closing = inThread(() -> {
			client.close();
			return null;
		});
		await((job != null) ? ((DefaultAkiJob) job)::isStopping : closing::isDone);
		if (answered) {
			emulator.faults().release();
		}
		closing.get();
		AkiResponse answer = (job != null) ? job.result().join() : call.get();
		return new Observed(answer, null, emulator.faults().count(stalled), emulator.jobs());
	}

	private static <T> FutureTask<T> inThread(Callable<T> action) {
		FutureTask<T> task = new FutureTask<>(action);
		new Thread(task).start();
		return task;
	}

	private static void await(BooleanSupplier condition) throws InterruptedException {
		while (!condition.getAsBoolean()) {
			Thread.sleep(1);
		}
	}

	/**
	 * A fault of an exchange.
	 *
	 * @param takesTime whether the fault makes the client wait until a timeout
	 */
	record ExchangeFault(AkiEmulatorFault fault, boolean takesTime) implements FaultScenario {

		@Override
		public Observed provoke(ResilienceFixture fixture, Cell cell, boolean lasting) {
			AkiEmulator emulator = fixture.emulator(cell.phase());
			AkiEmulatorFault armed = lasting ? this.fault.onPhase(cell.phase()).always()
					: this.fault.onPhase(cell.phase());
			emulator.faults().add(armed);
			AkiClient.Builder builder = fixture.client(emulator);
			if (this.takesTime) {
				builder.progressTimeout(ResilienceFixture.SLOW).readTimeout(ResilienceFixture.SLOW);
			}
			fixture.limit(builder, cell, lasting);
			try (AkiClient client = builder.build()) {
				return fixture.observe(client, emulator, cell.phase());
			}
		}

	}

	/**
	 * A server that refuses connections, either permanently or until the client waits
	 * before its next attempt.
	 */
	record Refusal() implements FaultScenario {

		@Override
		public Observed provoke(ResilienceFixture fixture, Cell cell, boolean lasting) {
			AkiEmulator emulator = fixture.emulator(cell.phase());
			AkiClient.Builder builder = fixture.client(emulator, () -> {
				if (!lasting) {
					emulator.refuseConnections(false);
				}
			});
			fixture.limit(builder, cell, lasting);
			try (AkiClient client = builder.build()) {
				AkiResponse answer = fixture.call(client, cell.phase(), () -> emulator.refuseConnections(true));
				// a cancel also waits after its last attempt
				int refused = (lasting && cell.phase() != Phase.CANCEL) ? fixture.waits() + 1 : fixture.waits();
				return new Observed(answer, null, refused, emulator.jobs());
			}
			finally {
				emulator.refuseConnections(false);
			}
		}

	}

	final class CallbackException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
