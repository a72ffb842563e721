package io.aki.spring.boot.test;

import java.util.List;
import java.util.function.Function;

/**
 * An emulator of the AKI.IO API in the same process: five routes over real HTTP on the
 * loopback interface, for tests and for work without a network. <pre>{@code
 * try (AkiEmulator emulator = AkiEmulator.start()) {
 *     // apiServer: emulator.apiServer(), API key: emulator.apiKey()
 * }
 * }</pre>
 * <p>
 * Its responses follow exchanges that were recorded from the real server. Jobs wait, run
 * and end as on the server. Their results are generated: texts from templates, images
 * with a color gradient, and a tone instead of speech.
 * <p>
 * {@link #faults()} simulates failures. {@link #replies()} sets the answers of chats.
 * Thread-safe.
 * <p>
 * Words in a prompt that change the behavior of its job: {@code FAIL} (the worker reports
 * an error), {@code HANG} (the job never ends) and, in a chat, {@code THINK} (the text
 * begins with reasoning) and {@code TOOL} (with JSON output, a tool is called). The last
 * two mean nothing to a reply of {@link #replies()}.
 * <p>
 * All methods may be called from any thread.
 *
 * @since 1.0.0
 */
public final class AkiEmulator implements AutoCloseable {

	private final List<String> apiKeys;

	private final RequestLog requestLog;

	private final JobRegistry registry;

	private final DelayedExchanges held = new DelayedExchanges();

	private final AkiEmulatorFaults faults = new AkiEmulatorFaults(this.held);

	private final AkiEmulatorReplies replies = new AkiEmulatorReplies();

	private final EmulatorHttpServer front;

	private final Runnable clockDetachment;

	AkiEmulator(EmulatorBuilder builder) {
		this.apiKeys = builder.apiKeys;
		this.requestLog = new RequestLog();
		EndpointCatalog catalog = builder.catalog;
		EmulatorThreads threads = new EmulatorThreads();
		JobIds ids = new JobIds(builder.seed);
		AkiEmulatorClock clock = builder.clock;
		ManualTimeline manual = (clock != null) ? new ManualTimeline(clock) : null;
		Timeline timeline = new MonotonicTimeline((manual != null) ? manual : new SystemTimeline(threads.timer()));
		this.registry = new JobRegistry(catalog, builder.slots, builder.queueLengths, builder.pace, ids, timeline);
		WorkFactory workFactory = new WorkFactory(builder.seed, this.replies, builder.chatReply);
		KeyCheck keys = new KeyCheck(this.apiKeys);
		ApiRoutes routes = new ApiRoutes(catalog, keys, this.registry, workFactory, !builder.ignoreCancel,
				threads.pool());
		FaultyRoutes faulty = new FaultyRoutes(this.faults, routes, catalog, keys, this.registry, this.requestLog);
		this.front = new EmulatorHttpServer(threads, new RouteHandler(faulty, timeline, this.held, threads.pool()));
		this.front.start(builder.port);
		this.clockDetachment = (clock != null && manual != null) ? clock.attach(() -> {
			this.registry.settle();
			manual.runDueTasks();
		}) : () -> {
		};
	}

	/**
	 * Start an emulator with the defaults: a free port, the API key {@code test-key} and
	 * realistic speed.
	 * @return a running emulator
	 */
	public static AkiEmulator start() {
		return builder().build();
	}

	/**
	 * Return a builder for an emulator.
	 * @return a builder with the defaults
	 */
	public static Builder builder() {
		return new EmulatorBuilder();
	}

	/**
	 * Return the base URL, which is the API server of a client.
	 * @return {@code http://127.0.0.1:<port>}
	 */
	public String apiServer() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * Return the port, also after the emulator was closed.
	 * @return the port
	 */
	public int port() {
		return this.front.port();
	}

	/**
	 * Return an API key that the emulator accepts.
	 * @return the first of its keys
	 */
	public String apiKey() {
		return this.apiKeys.get(0);
	}

	/**
	 * Return the requests that the emulator has received, including rejected ones. It
	 * keeps the newest 100,000 requests and up to 256 million characters of their bodies.
	 * @return an immutable copy, in the order of arrival
	 */
	public List<AkiEmulatorRequest> requests() {
		return this.requestLog.requests();
	}

	/**
	 * Return the newest request that called an endpoint, also if it was rejected. Polls
	 * and requests about keys and endpoints do not count.
	 * @return the request with its {@link AkiEmulatorRequest#params() parameters}
	 * @throws IllegalStateException if there was none since the emulator was started or
	 * reset
	 */
	public AkiEmulatorRequest lastCall() {
		List<AkiEmulatorRequest> requests = requests();
		for (int i = requests.size() - 1; i >= 0; i--) {
			if (requests.get(i).path().startsWith("/api/call/")) {
				return requests.get(i);
			}
		}
		throw new IllegalStateException("No endpoint of the emulator was called");
	}

	/**
	 * Return the jobs that the emulator has accepted, with their current state. It keeps
	 * 100,000 jobs; the oldest ended ones are removed first.
	 * @return an immutable copy, in the order of acceptance
	 */
	public List<AkiEmulatorJob> jobs() {
		return this.registry.jobs();
	}

	/**
	 * Return the faults.
	 * @return the faults, initially none
	 */
	public AkiEmulatorFaults faults() {
		return this.faults;
	}

	/**
	 * Return the answers of chats, including tool calls.
	 * @return the replies, initially none
	 */
	public AkiEmulatorReplies replies() {
		return this.replies;
	}

	/**
	 * Refuse connections like a server that is down. The port is closed. Open connections
	 * are closed, so that their requests get no response. Jobs continue.
	 * @param refuse {@code true} to refuse connections; {@code false} to listen on the
	 * same port again
	 * @throws java.io.UncheckedIOException if the port cannot be opened again
	 */
	public void refuseConnections(boolean refuse) {
		this.front.refuseConnections(refuse);
	}

	/**
	 * Let a queued or running job lapse, as the server does with a job that waited too
	 * long or whose worker does not respond. Its state becomes {@code lapsed}.
	 * @param jobId the job's id
	 * @throws IllegalArgumentException if there is no such job, or it has ended
	 */
	public void lapse(String jobId) {
		this.registry.lapse(jobId);
	}

	/**
	 * Remove all requests, jobs, faults and replies, and free the workers. Calls that
	 * wait for a job get a 503. Exchanges that a fault has stalled are closed. The
	 * numbers in job ids continue, so that no id is used twice.
	 */
	public void reset() {
		this.faults.reset();
		this.replies.clear();
		this.registry.reset();
		this.requestLog.clear();
	}

	/**
	 * Remove the faults and replies that the calling thread has added.
	 */
	void resetThread() {
		this.faults.forgetThoseOf(Thread.currentThread());
		this.replies.forgetThoseOf(Thread.currentThread());
	}

	/**
	 * Stop the emulator. Calls that wait for a job get a 503. Exchanges that a fault has
	 * stalled are closed. All threads of the emulator have ended when this method
	 * returns. Further calls have no effect.
	 */
	@Override
	public void close() {
		this.clockDetachment.run();
		this.registry.close();
		this.held.close();
		this.front.stop();
	}

	@Override
	public String toString() {
		return "AkiEmulator[" + apiServer() + "]";
	}

	/**
	 * Builds and starts an {@link AkiEmulator}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public interface Builder {

		/**
		 * Set the port on the loopback interface.
		 * @param port the port, or 0 (the default) for a free one
		 * @return this builder
		 */
		Builder port(int port);

		/**
		 * Set the API keys that are accepted.
		 * @param keys at least one key, not blank; default {@code test-key}
		 * @return this builder
		 */
		Builder apiKeys(String... keys);

		/**
		 * Set the seed of the random values: texts, speed of chats, seeds of images, job
		 * ids. With the same seed, the same requests in the same order get the same
		 * responses. Without a seed each emulator uses a random one.
		 * @param seed the seed
		 * @return this builder
		 */
		Builder seed(long seed);

		/**
		 * Set the speed of the workers.
		 * @param factor the speed, greater than 0. 1 (the default) is realistic: a chat
		 * writes 20 to 40 words per second, an image takes 3 s. 20 is twenty times faster
		 * @return this builder
		 */
		Builder pace(double factor);

		/**
		 * Use a clock that changes only when a test advances it.
		 * @param clock the clock; default is the system clock
		 * @return this builder
		 */
		Builder clock(AkiEmulatorClock clock);

		/**
		 * Set how many jobs of an endpoint run at the same time. The default is 4 for
		 * chats, 1 for images and 2 for speech.
		 * @param endpoint an endpoint of the emulator
		 * @param slots the number, 0 or more. With 0 the worker is offline and all jobs
		 * wait
		 * @return this builder
		 */
		Builder workers(String endpoint, int slots);

		/**
		 * Set how many jobs of an endpoint can wait. Further requests are rejected with
		 * 400.
		 * @param endpoint an endpoint of the emulator
		 * @param length the number, 0 or more; the default is the number that the
		 * endpoint declares, such as 1000 for the chat
		 * @return this builder
		 */
		Builder maxQueueLength(String endpoint, int length);

		/**
		 * Set a function that creates the texts of chats. If it throws an exception, the
		 * worker reports an error.
		 * @param reply creates the whole text from the last user message, which may be an
		 * empty string. It is called once per job, concurrently in several threads
		 * @return this builder
		 */
		Builder chatReply(Function<String, String> reply);

		/**
		 * Set whether cancel requests are ignored, as in version 0.9.6 of the real
		 * server.
		 * @param ignore {@code true} to continue the job; default {@code false}
		 * @return this builder
		 */
		Builder ignoreCancel(boolean ignore);

		/**
		 * Start the emulator.
		 * @return a running emulator
		 * @throws java.io.UncheckedIOException if the port cannot be opened
		 */
		AkiEmulator build();

	}

}
