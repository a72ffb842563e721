package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.aki.client.FaultScenario.CallbackException;
import io.aki.client.ResilienceTable.Cell;
import io.aki.client.ResilienceTable.Course;
import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.apache.hc.client5.http.impl.classic.HttpClients;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * Creates the emulators and the clients for tests that provoke faults. The waits of the
 * clients are as short as possible.
 */
final class ResilienceFixture implements AutoCloseable {

	static final int MAX_ATTEMPTS = 2;

	/** A time limit that is reached during a test. */
	static final Duration SHORT = Duration.ofMillis(20);

	/**
	 * The timeout of exchanges without an answer. It is long enough for exchanges with an
	 * answer.
	 */
	static final Duration SLOW = Duration.ofMillis(250);

	private static final AkiRetryPolicy IMPATIENT = new AkiRetryPolicy(MAX_ATTEMPTS, Duration.ofMillis(1), 1,
			Duration.ofMillis(2));

	/** The default. No test takes that long. */
	private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * For phases that do not need the test's clock, such as calls that wait on the
	 * server.
	 */
	private final AkiEmulator running = AkiEmulator.builder().seed(7).pace(1000).build();

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	/** For jobs that must not end before they are polled. */
	private final AkiEmulator stepwise = AkiEmulator.builder().seed(7).clock(this.clock).build();

	private final List<HttpComponentsClientHttpRequestFactory> engines = new ArrayList<>();

	private final AtomicInteger waits = new AtomicInteger();

	/** The time by which the clients' clock is ahead, in nanoseconds. */
	private final AtomicLong skew = new AtomicLong();

	private volatile boolean hasty;

	private final Way way;

	ResilienceFixture(Way way) {
		this.way = way;
	}

	AkiEmulator emulator(Phase phase) {
		return switch (phase) {
			case START, CALL, GET -> this.running;
			case POLL, RESULT, CANCEL -> this.stepwise;
		};
	}

	void reset() throws Exception {
		for (DisposableBean engine : this.engines) {
			engine.destroy();
		}
		this.engines.clear();
		this.hasty = false;
		this.waits.set(0);
		this.running.reset();
		this.stepwise.reset();
	}

	AkiClient.Builder client(AkiEmulator emulator) {
		return client(emulator, () -> {
		});
	}

	/**
	 * Create the builder of a client.
	 * @param beforeWait called when the client decides to wait and to try again
	 */
	AkiClient.Builder client(AkiEmulator emulator, Runnable beforeWait) {
		DefaultAkiClientBuilder builder = new DefaultAkiClientBuilder();
		builder.timing(new Timing(() -> System.nanoTime() + this.skew.get(), () -> {
			beforeWait.run();
			if (this.waits.incrementAndGet() == MAX_ATTEMPTS && this.hasty) {
				this.skew.addAndGet(CANCEL_TIMEOUT.toNanos());
			}
			return 0;
		}, (duration) -> {
		}));
		builder.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.progressInterval(Duration.ofMillis(2))
			.cancelTimeout(CANCEL_TIMEOUT)
			.maxResponseSize(DataSize.ofBytes(FaultScenario.TOO_LARGE - 1))
			.retry(IMPATIENT);
		if (this.way == Way.WAITING_ON_APACHE) {
			builder.restClientBuilder(RestClient.builder().requestFactory(apache()));
		}
		return builder;
	}

	private AkiClientHttpRequestFactory apache() {
		HttpComponentsClientHttpRequestFactory engine = new HttpComponentsClientHttpRequestFactory(
				HttpClients.custom().disableAutomaticRetries().disableRedirectHandling().build());
		this.engines.add(engine);
		return new AkiClientHttpRequestFactory(engine);
	}

	/**
	 * Set short time limits if the test expects that the client gives up. Otherwise the
	 * exchanges need enough time. A cancel ends after its second failure, because the
	 * clock then jumps by the cancel timeout. If the fault itself makes the client wait,
	 * the cancel timeout is short instead.
	 */
	void limit(AkiClient.Builder builder, Cell cell, boolean lasting) {
		if (!lasting || cell.course() != Course.REPEATED) {
			return;
		}
		if (cell.phase() != Phase.CANCEL) {
			builder.outageTimeout(SHORT);
		}
		else if (cell.scenario().takesTime()) {
			builder.cancelTimeout(SLOW);
		}
		else {
			this.hasty = true;
		}
	}

	/**
	 * Return how many times a client has decided to wait since the start of the phase.
	 */
	int waits() {
		return this.waits.get();
	}

	AkiClient.Builder clientOf(ScriptedServer server) {
		return client(this.running).apiServer(server.url());
	}

	Observed observe(AkiClient client, AkiEmulator emulator, Phase phase) {
		AkiResponse answer = call(client, phase, () -> {
		});
		return new Observed(answer, null, emulator.faults().count(), emulator.jobs());
	}

	/**
	 * Make a call that reaches a phase.
	 * @param beginning called when the phase starts
	 */
	AkiResponse call(AkiClient client, Phase phase, Runnable beginning) {
		Runnable begin = () -> {
			this.waits.set(0);
			beginning.run();
		};
		AtomicInteger reports = new AtomicInteger();
		return switch (phase) {
			case START, CALL, GET -> {
				begin.run();
				yield call(client, phase);
			}
			case POLL -> follow(client, FaultScenario.HELLO, (info, data) -> {
				if (reports.getAndIncrement() == 0) {
					begin.run();
				}
				else {
					this.clock.advance(Duration.ofMinutes(1));
				}
			});
			case RESULT -> follow(client, FaultScenario.HELLO, (info, data) -> {
				this.clock.advance(Duration.ofMinutes(1));
				begin.run();
			});
			case CANCEL -> (this.way == Way.WITHOUT_FOLLOWING) ? cancelAnothersJob(client, begin)
					: follow(client, FaultScenario.HELLO, (info, data) -> {
						if (reports.getAndIncrement() == 0) {
							begin.run();
							client.cancelRequest(info.jobId());
						}
					});
		};
	}

	private AkiResponse call(AkiClient client, Phase phase) {
		return switch (phase) {
			case CALL -> client.doApiRequest(FaultScenario.HELLO);
			case GET -> client.getEndpointList();
			default -> follow(client, FaultScenario.HELLO, (info, data) -> {
			});
		};
	}

	private AkiResult cancelAnothersJob(AkiClient client, Runnable begin) {
		AkiClient another = client(this.stepwise).cancelOnClose(false).build();
		AkiJob job = another.doApiRequestAsync(FaultScenario.HELLO);
		job.progress().findFirst().orElseThrow();
		another.close();
		begin.run();
		return client.cancelRequest(job.jobId());
	}

	/**
	 * Start a job that reaches a phase, unless something prevents it.
	 */
	AkiJob begin(AkiClient client, Phase phase) {
		return (phase == Phase.RESULT)
				? client.doApiRequestAsync(FaultScenario.HELLO,
						(info, data) -> this.clock.advance(Duration.ofMinutes(1)))
				: client.doApiRequestAsync(FaultScenario.HANG);
	}

	AkiResult follow(AkiClient client, Map<String, ?> params, AkiProgressCallback callback) {
		if (this.way == Way.WAITING_ON_APACHE) {
			return client.doApiRequest(params, callback);
		}
		try {
			return client.doApiRequestAsync(params, callback).result().join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof CallbackException thrown) ? thrown : ex;
		}
	}

	@Override
	public void close() {
		this.running.close();
		this.stepwise.close();
	}

	/**
	 * The HTTP engine of the client, and the threads that run the callbacks of a job:
	 * threads of the client, or the waiting thread of the caller. With
	 * {@link #WITHOUT_FOLLOWING} a cancel is for a job of another client.
	 */
	enum Way {

		BACKGROUND_ON_JDK, WAITING_ON_APACHE, WITHOUT_FOLLOWING

	}

	/**
	 * The outcome of a call.
	 *
	 * @param answer the answer
	 * @param thrown the exception that the call threw instead of an answer
	 * @param occurrences how many times the fault occurred
	 * @param jobs the jobs of the server at the end of the call
	 */
	record Observed(AkiResponse answer, Throwable thrown, int occurrences, List<AkiEmulatorJob> jobs) {

	}

}
