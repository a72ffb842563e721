package io.aki.spring.boot.test;

import java.util.List;
import java.util.function.Function;

/**
 * Emulator of the AKI.IO API that runs in the same process. It serves the five routes of
 * the API over HTTP on the loopback interface. Use it for tests and for work without a
 * network. <pre>{@code
 * try (AkiEmulator emulator = AkiEmulator.start()) {
 *     // apiServer: emulator.apiServer(), API key: emulator.apiKey()
 * }
 * }</pre>
 * <p>
 * The form of its responses was taken from responses that were recorded from the real
 * server. Jobs wait, run and end as on the server. Their results are generated: texts
 * from templates for chats, a color gradient for images, and a tone for speech.
 * <p>
 * {@link #faults()} simulates failures. {@link #replies()} sets the answers of chats.
 * <p>
 * These words in a prompt change the behavior of its job: {@code FAIL} (the worker
 * reports an error) and {@code HANG} (the job never ends). In a chat these words also
 * have an effect: {@code THINK} (the text starts with reasoning) and {@code TOOL} (with
 * the JSON output format, the answer contains a tool call). A reply of {@link #replies()}
 * ignores {@code THINK} and {@code TOOL}.
 * <p>
 * A chat calls tools that a request offers in the parameter {@code tools}, see
 * {@link AkiEmulatorEndpoint#tools()}, or between {@code <tools>} and {@code </tools>} in
 * a system message. It calls the first tool whose name has a word in common with the
 * prompt, such as {@code get_weather} for "What is the weather in Berlin?". Small words
 * such as "get" and "the" are ignored. The JSON schema of the tool and the prompt
 * determine the arguments, here {@code Berlin} for a required text. If the last message
 * is a user message that starts with {@code <tool_response>}, the answer quotes its
 * content. With the JSON output format, only tools of the parameter are called.
 * <p>
 * Thread-safe: all methods may be called from any thread.
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

	private final EmulatorHttpServer server;

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
		this.server = new EmulatorHttpServer(threads, new RouteHandler(faulty, timeline, this.held, threads.pool()));
		this.server.start(builder.port);
		this.clockDetachment = (clock != null && manual != null) ? clock.attach(() -> {
			this.registry.settle();
			manual.runDueTasks();
		}) : () -> {
		};
	}

	/**
	 * Start an emulator with the default settings: a free port, the API key
	 * {@code test-key} and realistic speed.
	 * @return a running emulator
	 */
	public static AkiEmulator start() {
		return builder().build();
	}

	/**
	 * Return a builder for an emulator.
	 * @return a builder with the default settings
	 */
	public static Builder builder() {
		return new EmulatorBuilder();
	}

	/**
	 * Return the base URL. Use it as the API server of a client.
	 * @return {@code http://127.0.0.1:<port>}
	 */
	public String apiServer() {
		return "http://127.0.0.1:" + port();
	}

	/**
	 * Return the port. It remains available after the emulator was closed.
	 * @return the port
	 */
	public int port() {
		return this.server.port();
	}

	/**
	 * Return an API key that the emulator accepts.
	 * @return the first of its keys
	 */
	public String apiKey() {
		return this.apiKeys.get(0);
	}

	/**
	 * Return the requests that the emulator has received, including rejected ones. The
	 * emulator keeps the newest 100,000 requests and up to 256 million characters of
	 * their bodies.
	 * @return an immutable copy, in the order in which the requests arrived
	 */
	public List<AkiEmulatorRequest> requests() {
		return this.requestLog.requests();
	}

	/**
	 * Return the newest request that called an endpoint, even if it was rejected. Polls
	 * and requests about keys and endpoints are not considered.
	 * @return the request with its {@link AkiEmulatorRequest#params() parameters}
	 * @throws IllegalStateException if no endpoint was called since the emulator was
	 * started or reset
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
	 * Return the jobs that the emulator has accepted, with their current state. If there
	 * are more than 100,000 jobs, the emulator removes the oldest ones that have ended.
	 * @return an immutable copy, in the order in which the jobs were accepted
	 */
	public List<AkiEmulatorJob> jobs() {
		return this.registry.jobs();
	}

	/**
	 * Return the faults of this emulator, to add, remove and count them.
	 * @return the faults; initially there are none
	 */
	public AkiEmulatorFaults faults() {
		return this.faults;
	}

	/**
	 * Return the scripted answers of chats, to add and remove them. They may contain tool
	 * calls.
	 * @return the replies; initially there are none
	 */
	public AkiEmulatorReplies replies() {
		return this.replies;
	}

	/**
	 * Refuse connections, as a server that is down does. The port is closed. Open
	 * connections are closed, so that their requests get no response. Jobs continue.
	 * @param refuse {@code true} to refuse connections; {@code false} to listen on the
	 * same port again
	 * @throws java.io.UncheckedIOException if the port cannot be closed or opened again
	 */
	public void refuseConnections(boolean refuse) {
		this.server.refuseConnections(refuse);
	}

	/**
	 * Let a queued or running job lapse. The server does this if a job has waited too
	 * long or its worker does not respond. The state of the job becomes {@code lapsed}.
	 * @param jobId the job's id
	 * @throws IllegalArgumentException if there is no such job, or if it has ended
	 */
	public void lapse(String jobId) {
		this.registry.lapse(jobId);
	}

	/**
	 * Remove all requests, jobs, faults and replies, and free the workers. Calls that
	 * wait for a job are answered with the status 503. The connections of exchanges that
	 * a fault has stalled or slowed down are closed. The numbers in job ids continue, so
	 * that no id is used twice.
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
	 * Stop the emulator. Calls that wait for a job are answered with the status 503. The
	 * connections of exchanges that a fault has stalled or slowed down are closed. All
	 * threads of the emulator have ended when this method returns. Further calls of this
	 * method have no effect.
	 * @throws IllegalStateException if the emulator cannot be stopped
	 */
	@Override
	public void close() {
		this.clockDetachment.run();
		this.registry.close();
		this.held.close();
		this.server.stop();
	}

	@Override
	public String toString() {
		return "AkiEmulator[" + apiServer() + "]";
	}

	/**
	 * Builder that starts an {@link AkiEmulator}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public interface Builder {

		/**
		 * Set the port on the loopback interface.
		 * @param port the port, from 0 to 65535; with 0 (the default) the emulator uses a
		 * free port
		 * @return this builder
		 * @throws IllegalArgumentException if the port is out of range
		 */
		Builder port(int port);

		/**
		 * Set the API keys that the emulator accepts.
		 * @param keys at least one key, not blank; the default is {@code test-key}
		 * @return this builder
		 * @throws IllegalArgumentException if there is no key, or if a key is blank
		 */
		Builder apiKeys(String... keys);

		/**
		 * Set the seed of the random values: texts, speed of chats, seeds of images, and
		 * job ids. With the same seed, the same requests in the same order get the same
		 * responses. By default each emulator uses a random seed.
		 * @param seed the seed
		 * @return this builder
		 */
		Builder seed(long seed);

		/**
		 * Set the speed of the workers.
		 * @param factor the speed, greater than 0. The default of 1 is realistic: a chat
		 * writes 20 to 40 words per second, and an image takes 3 seconds. With 20 the
		 * workers are twenty times faster
		 * @return this builder
		 * @throws IllegalArgumentException if the factor is not a finite number greater
		 * than 0
		 */
		Builder pace(double factor);

		/**
		 * Use a clock that changes only when a test advances it.
		 * @param clock the clock; the default is the system clock
		 * @return this builder
		 */
		Builder clock(AkiEmulatorClock clock);

		/**
		 * Add an endpoint. It follows the endpoints that every emulator has in the list
		 * of endpoints. Add it before the methods that take its name.
		 * @param endpoint the endpoint
		 * @return this builder
		 * @throws IllegalArgumentException if the emulator already has an endpoint with
		 * this name
		 */
		Builder endpoint(AkiEmulatorEndpoint endpoint);

		/**
		 * Set how many jobs of an endpoint can run at the same time. The default is 4 for
		 * chats, 1 for images and 2 for speech.
		 * @param endpoint the name of an endpoint of the emulator
		 * @param slots the number of jobs, 0 or more. With 0 the worker is offline and
		 * all jobs wait
		 * @return this builder
		 * @throws IllegalArgumentException if the emulator does not have the endpoint, or
		 * if the number is negative
		 */
		Builder workers(String endpoint, int slots);

		/**
		 * Set how many jobs of an endpoint can wait. Further calls are rejected with the
		 * status 400.
		 * @param endpoint the name of an endpoint of the emulator
		 * @param length the number of jobs, 0 or more; the default is the number that the
		 * endpoint declares, such as 1000 for the chat
		 * @return this builder
		 * @throws IllegalArgumentException if the emulator does not have the endpoint, or
		 * if the number is negative
		 */
		Builder maxQueueLength(String endpoint, int length);

		/**
		 * Set a function that creates the texts of chats. If it throws an exception, the
		 * worker reports an error. By default the emulator calls tools that are offered
		 * to it, see {@link AkiEmulator}, and creates texts from templates. With this
		 * function it calls tools only for the word {@code TOOL}.
		 * @param reply creates the whole text from the last user message, which may be an
		 * empty string. The function is called once per job. Several threads may call it
		 * at the same time
		 * @return this builder
		 */
		Builder chatReply(Function<String, String> reply);

		/**
		 * Set whether the emulator ignores cancel requests, as version 0.9.6 of the real
		 * server does.
		 * @param ignore {@code true} to continue the job; the default is {@code false}
		 * @return this builder
		 */
		Builder ignoreCancel(boolean ignore);

		/**
		 * Start an emulator with these settings.
		 * @return a running emulator
		 * @throws java.io.UncheckedIOException if the port cannot be opened
		 */
		AkiEmulator build();

	}

}
