package io.aki.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

import io.aki.client.ResilienceLab.Observed;
import io.aki.client.ResilienceTable.Cell;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;

/**
 * Has a fault strike in a phase of a job, over real sockets, and reports what came of it.
 */
interface Provocation {

	/** More than the lab's clients take. */
	long TOO_LARGE = 100_000;

	String WORKER_ERROR = "CUDA out of memory";

	Map<String, Object> HELLO = Map.of("prompt_input", "Hello", "max_gen_tokens", 3);

	Map<String, Object> HANG = Map.of("prompt_input", "HANG");

	Provocation SERVER_ERROR_WITH_JOB = (lab, cell, lasting) -> {
		try (ScriptedServer server = new ScriptedServer(); AkiClient client = lab.clientOf(server).build()) {
			server.reply(503, "{\"success\": false, \"error\": \"Overloaded\", \"job_id\": \"j#1\"}")
				.json("{\"success\": true, \"job_state\": \"canceled\"}");
			AkiResult answer = (cell.phase() == Phase.CALL) ? client.doApiRequest(HANG)
					: lab.follow(client, HANG, (i, d) -> {
					});
			long starts = server.requests()
				.stream()
				.filter((request) -> request.path().startsWith("/api/call/"))
				.count();
			return new Observed(answer, null, (int) starts, List.of());
		}
	};

	Provocation CANCELED_BY_ANOTHER = (lab, cell, lasting) -> {
		try (ScriptedServer server = new ScriptedServer(); AkiClient client = lab.clientOf(server).build()) {
			server.json("{\"success\": true, \"job_id\": \"j#1\"}")
				.json("{\"success\": true, \"job_state\": \"canceled\", \"progress\": {\"progress\": 1}}");
			return new Observed(lab.follow(client, HANG, (info, data) -> {
			}), null, 1, List.of());
		}
	};

	Provocation LAPSE = (lab, cell, lasting) -> {
		if (cell.phase() != Phase.CALL) {
			return new ExchangeFault(AkiEmulatorFault.lapse(), false).provoke(lab, cell, lasting);
		}
		AkiEmulator emulator = lab.emulator(cell.phase());
		try (AkiClient client = lab.client(emulator).build()) {
			FutureTask<AkiResult> call = inThread(() -> client.doApiRequest(HANG));
			await(() -> !emulator.jobs().isEmpty());
			emulator.lapse(emulator.jobs().get(0).id());
			return new Observed(call.get(), null, 1, emulator.jobs());
		}
	};

	Provocation WORKER_GONE = (lab, cell, lasting) -> {
		AkiEmulator emulator = lab.emulator(cell.phase());
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(cell.phase()));
		try (AkiClient client = lab.client(emulator)
			.jobTimeout(ResilienceLab.SLOW)
			.readTimeout(ResilienceLab.SLOW)
			.build()) {
			return lab.observe(client, emulator, cell.phase());
		}
	};

	Provocation UNKNOWN_STATE = (lab, cell, lasting) -> {
		try (ScriptedServer server = new ScriptedServer();
				AkiClient client = lab.clientOf(server).jobTimeout(ResilienceLab.SLOW).build()) {
			server.json("{\"success\": true, \"job_id\": \"j#1\"}")
				.on((request) -> ScriptedServer.Reply.json(200, Boolean.TRUE.equals(request.json().get("cancel"))
						? "{\"success\": true, \"job_state\": \"canceled\"}"
						: "{\"success\": true, \"job_state\": \"pondering\", \"progress\": {\"progress\": 1}}"));
			return new Observed(lab.follow(client, HANG, (info, data) -> {
			}), null, 1, List.of());
		}
	};

	Provocation CALLBACK_THROWS = (lab, cell, lasting) -> {
		AkiEmulator emulator = lab.emulator(cell.phase());
		try (AkiClient client = lab.client(emulator).build()) {
			lab.follow(client, HANG, (info, data) -> {
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

	Provocation INTERRUPT = new Provocation() {

		@Override
		public Observed provoke(ResilienceLab lab, Cell cell, boolean lasting) throws Exception {
			AkiEmulator emulator = lab.emulator(cell.phase());
			AkiEmulatorFault stalled = AkiEmulatorFault.stalled().onPhase(cell.phase());
			emulator.faults().add(stalled);
			try (AkiClient client = lab.client(emulator).build()) {
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

	Provocation CLOSE = (lab, cell, lasting) -> closing(lab, cell.phase(), lab.client(lab.emulator(cell.phase())),
			true);

	Provocation CLOSE_AND_LEAVE = (lab, cell, lasting) -> closing(lab, cell.phase(),
			lab.client(lab.emulator(cell.phase())).cancelOnClose(false), true);

	Provocation CLOSE_WITHOUT_ANSWER = (lab, cell, lasting) -> closing(lab, cell.phase(),
			lab.client(lab.emulator(cell.phase())).progressTimeout(ResilienceLab.SLOW), false);

	/**
	 * Provoke the fault.
	 * @param lasting whether it stays, where it can
	 */
	Observed provoke(ResilienceLab lab, Cell cell, boolean lasting) throws Exception;

	/**
	 * Whether it is one of those that the JDK's engine notices at once, and another one
	 * does not.
	 */
	default boolean dependsOnTheEngine(Phase phase) {
		return false;
	}

	/**
	 * Whether it makes the client wait until a timeout.
	 */
	default boolean takesTime() {
		return false;
	}

	/**
	 * Close a client while an exchange is on its way.
	 * @param answered whether the exchange is answered then
	 */
	private static Observed closing(ResilienceLab lab, Phase phase, AkiClient.Builder builder, boolean answered)
			throws Exception {
		AkiEmulator emulator = lab.emulator(phase);
		AkiEmulatorFault stalled = AkiEmulatorFault.stalled().onPhase(phase);
		emulator.faults().add(stalled);
		AkiClient client = builder.build();
		Future<? extends AkiResponse> call = (phase == Phase.CALL) ? inThread(() -> client.doApiRequest(HELLO)) : null;
		AkiJob job = (phase != Phase.CALL) ? lab.begin(client, phase) : null;
		await(() -> emulator.faults().stalled() == 1);
		FutureTask<?> closing = inThread(() -> {
			client.close();
			return null;
		});
		await((job != null) ? ((FollowedJob) job)::isStopping : closing::isDone);
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
	 * What an exchange may suffer.
	 *
	 * @param takesTime whether it makes the client wait until a timeout
	 */
	record ExchangeFault(AkiEmulatorFault fault, boolean takesTime) implements Provocation {

		@Override
		public Observed provoke(ResilienceLab lab, Cell cell, boolean lasting) {
			AkiEmulator emulator = lab.emulator(cell.phase());
			AkiEmulatorFault armed = lasting ? this.fault.onPhase(cell.phase()).always()
					: this.fault.onPhase(cell.phase());
			emulator.faults().add(armed);
			AkiClient.Builder builder = lab.client(emulator);
			if (this.takesTime) {
				builder.progressTimeout(ResilienceLab.SLOW).readTimeout(ResilienceLab.SLOW);
			}
			lab.limit(builder, cell, lasting);
			try (AkiClient client = builder.build()) {
				return lab.observe(client, emulator, cell.phase());
			}
		}

	}

	/**
	 * A server that is down, for good or until the client waits before its next attempt.
	 */
	record Refusal() implements Provocation {

		@Override
		public Observed provoke(ResilienceLab lab, Cell cell, boolean lasting) {
			AkiEmulator emulator = lab.emulator(cell.phase());
			AkiClient.Builder builder = lab.client(emulator, () -> {
				if (!lasting) {
					emulator.refuseConnections(false);
				}
			});
			lab.limit(builder, cell, lasting);
			try (AkiClient client = builder.build()) {
				AkiResponse answer = lab.call(client, cell.phase(), () -> emulator.refuseConnections(true));
				// a cancel waits after its last attempt, too
				int refused = (lasting && cell.phase() != Phase.CANCEL) ? lab.waits() + 1 : lab.waits();
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
