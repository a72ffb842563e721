package io.aki.spring.boot.test;

import java.util.List;
import java.util.function.Function;

/**
 * The AKI.IO API in the process: five routes over real HTTP on the loopback interface,
 * for tests and for working without a network. <pre>{@code
 * try (AkiEmulator emulator = AkiEmulator.start()) {
 *     // apiServer: emulator.apiServer(), API key: emulator.apiKey()
 * }
 * }</pre>
 * <p>
 * Its answers follow exchanges that were recorded from the real server. Jobs wait, run
 * and end as they do there, only that what comes out of them is made up: texts from a few
 * templates, drawn landscapes, and tones in place of speech.
 * <p>
 * What can go wrong does so when it is told to: see {@link #faults()}. What a chat is to
 * answer, it is told as well: see {@link #replies()}.
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

	private final HeldExchanges held = new HeldExchanges();

	private final AkiEmulatorFaults faults = new AkiEmulatorFaults(this.held);

	private final AkiEmulatorReplies replies = new AkiEmulatorReplies();

	private final HttpFront front;

	private final Runnable clockDetachment;

	AkiEmulator(EmulatorBuilder builder) {
		this.apiKeys = builder.apiKeys;
		this.requestLog = new RequestLog();
		EndpointCatalog catalog = builder.catalog;
		EmulatorThreads threads = new EmulatorThreads();
		JobIds ids = new JobIds(builder.seed);
		AkiEmulatorClock clock = builder.clock;
		ManualTimeline manual = (clock != null) ? new ManualTimeline(clock) : null;
		Timeline timeline = new SteadyTimeline((manual != null) ? manual : new SystemTimeline(threads.timer()));
		this.registry = new JobRegistry(catalog, builder.slots, builder.queueLengths, builder.pace, ids, timeline);
		WorkFactory workFactory = new WorkFactory(builder.seed, this.replies, builder.chatReply);
		KeyCheck keys = new KeyCheck(this.apiKeys);
		ApiRoutes routes = new ApiRoutes(catalog, keys, this.registry, workFactory, !builder.ignoreCancel,
				threads.pool());
		FaultyRoutes faulty = new FaultyRoutes(this.faults, routes, catalog, keys, this.registry, this.requestLog);
		this.front = new HttpFront(threads, new RouteHandler(faulty, timeline, this.held, threads.pool()));
		this.front.start(builder.port);
		this.clockDetachment = (clock != null && manual != null) ? clock.attach(() -> {
			this.registry.settle();
			manual.runDueTasks();
		}) : () -> {
		};
	}

	/**
	 * Starts an emulator with the defaults: a free port, the API key {@code test-key} and
	 * life-like speed.
	 * @return a running emulator
	 */
	public static AkiEmulator start() {
		return builder().build();
	}

	/**
	 * Starts describing an emulator.
	 * @return a builder with the defaults
	 */
	public static Builder builder() {
		return new EmulatorBuilder();
	}

	/**
	 * The base address, what a client takes as its API server.
	 * @return {@code http://127.0.0.1:<port>}, with no slash at the end
	 */
	public String apiServer() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * The port in use, also once the emulator is closed.
	 * @return the port
	 */
	public int port() {
		return this.front.port();
	}

	/**
	 * A key that the emulator accepts.
	 * @return the first one it was given
	 */
	public String apiKey() {
		return this.apiKeys.get(0);
	}

	/**
	 * What the emulator was asked, refused requests included. Of a very long run the
	 * newest 100,000 requests are kept, and no more than 256 million characters of their
	 * bodies.
	 * @return an immutable copy, in the order of arrival
	 */
	public List<AkiEmulatorRequest> requests() {
		return this.requestLog.requests();
	}

	/**
	 * The newest request that called an endpoint, a refused one included; polls and
	 * questions about keys and endpoints are passed over.
	 * @return the request, whose {@link AkiEmulatorRequest#params() parameters} are what
	 * the application asked for
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
	 * The jobs that the emulator has accepted, as they stand now. Of a very long run the
	 * oldest ended ones are dropped beyond 100,000.
	 * @return an immutable copy, in the order of acceptance
	 */
	public List<AkiEmulatorJob> jobs() {
		return this.registry.jobs();
	}

	/**
	 * What is to go wrong.
	 * @return the faults, none at first
	 */
	public AkiEmulatorFaults faults() {
		return this.faults;
	}

	/**
	 * What the chats answer, tool calls included.
	 * @return the replies, none at first
	 */
	public AkiEmulatorReplies replies() {
		return this.replies;
	}

	/**
	 * Refuses connections as a server does that is down: nothing listens on the port any
	 * more, and connections that are open are closed, which leaves their requests without
	 * an answer. Jobs go on.
	 * @param refuse true to refuse them; false to listen again, on the same port
	 * @throws java.io.UncheckedIOException if the port cannot be opened again
	 */
	public void refuseConnections(boolean refuse) {
		this.front.refuseConnections(refuse);
	}

	/**
	 * Gives up a queued or running job as the server does with one that waited too long
	 * or whose worker fell silent: its state becomes {@code lapsed}.
	 * @param jobId the job's id
	 * @throws IllegalArgumentException if there is no such job, or it has ended
	 */
	public void lapse(String jobId) {
		this.registry.lapse(jobId);
	}

	/**
	 * Forgets requests, jobs, faults and replies and frees the workers. Calls that still
	 * wait for a job are answered with 503, and what a fault keeps from ending is cut
	 * off. The numbers in job ids go on counting, so that an id from before is never
	 * given to another job.
	 */
	public void reset() {
		this.faults.reset();
		this.replies.clear();
		this.registry.reset();
		this.requestLog.clear();
	}

	/**
	 * Forgets the faults and replies that the calling thread has added.
	 */
	void resetThread() {
		this.faults.forgetThoseOf(Thread.currentThread());
		this.replies.forgetThoseOf(Thread.currentThread());
	}

	/**
	 * Stops the emulator. Calls that still wait for a job are answered with 503, what a
	 * fault keeps from ending is cut off, and no thread of the emulator is left when this
	 * method returns. Closing again does nothing.
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
	 * Describes an emulator and starts it.
	 *
	 * @since 1.0.0
	 */
	public interface Builder {

		/**
		 * The port on the loopback interface.
		 * @param port a port, or 0 (the default) for a free one
		 * @return this builder
		 */
		Builder port(int port);

		/**
		 * The keys that are accepted.
		 * @param keys at least one key, none blank; the default is {@code test-key}
		 * @return this builder
		 */
		Builder apiKeys(String... keys);

		/**
		 * Determines all that is left to chance: texts, speed of chats, seeds of images,
		 * job ids. With the same seed, the same requests in the same order get the same
		 * answers. Without one, each emulator draws its own.
		 * @param seed any number
		 * @return this builder
		 */
		Builder seed(long seed);

		/**
		 * How fast the workers are.
		 * @param factor 1 (the default) is life-like: a chat writes 20 to 40 words a
		 * second, an image takes 3 s; 20 is twenty times faster. Greater than 0
		 * @return this builder
		 */
		Builder pace(double factor);

		/**
		 * Takes the time from a clock that stands still until it is told to go on.
		 * @param clock the clock to live by, in place of the system's
		 * @return this builder
		 */
		Builder clock(AkiEmulatorClock clock);

		/**
		 * How many jobs of an endpoint run at once. The default is 4 for the chat, 1 for
		 * images and 2 for speech.
		 * @param endpoint one of the emulator's endpoints
		 * @param slots 0 (the endpoint's worker is offline and every job waits) or more
		 * @return this builder
		 */
		Builder workers(String endpoint, int slots);

		/**
		 * How many jobs of an endpoint can wait; one more is refused with 400.
		 * @param endpoint one of the emulator's endpoints
		 * @param length 0 (everything is refused) or more; the default is the endpoint's
		 * own, 1000 for the chat
		 * @return this builder
		 */
		Builder maxQueueLength(String endpoint, int length);

		/**
		 * Writes the chat's text, in place of the templates. A function that throws makes
		 * the worker report an error.
		 * @param reply makes the whole text from the last user message (an empty string
		 * where there is none); called once for each job, possibly at the same time on
		 * several threads
		 * @return this builder
		 */
		Builder chatReply(Function<String, String> reply);

		/**
		 * Overhears the wish to cancel a job, as version 0.9.6 of the real server does.
		 * @param ignore true to go on with the job; the default is false
		 * @return this builder
		 */
		Builder ignoreCancel(boolean ignore);

		/**
		 * Starts the emulator.
		 * @return a running emulator
		 * @throws java.io.UncheckedIOException if the port cannot be opened
		 */
		AkiEmulator build();

	}

}
