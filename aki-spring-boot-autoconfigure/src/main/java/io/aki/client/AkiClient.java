package io.aki.client;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * Calls the AI models of AKI.IO, each of which is an endpoint with a name. <pre
 * class="code">
 * AkiClient aki = AkiClient.builder().apiKey(key).endpoint("llama3_8b_chat").build();
 * AkiResult result = aki.doApiRequest(Map.of(
 *         "chat_context", List.of(Map.of("role", "user", "content", "Tell me a joke")),
 *         "max_gen_tokens", 200));
 * if (result.success()) {
 *     System.out.println(result.text());
 * }
 * </pre>
 * <p>
 * In a Spring Boot application the starter makes one from the properties
 * {@code aki.io.*}; inject it.
 * <p>
 * <strong>Parameters.</strong> Numbers, strings and booleans are sent as they are. Maps,
 * lists, arrays, records and beans are sent as a string that holds their JSON, as the API
 * wants it. {@code byte[]}, {@link AkiBinary}, {@link java.nio.file.Path},
 * {@link org.springframework.core.io.Resource} and
 * {@link org.springframework.web.multipart.MultipartFile}, also inside lists and maps,
 * become data URIs, with the format that their first bytes or the file's name tell. The
 * caller's map is not changed. The server refuses parameters that the endpoint does not
 * declare, see {@link #getEndpointDetails(String)}.
 * <p>
 * <strong>Failures.</strong> By default a failure comes back as an answer whose
 * {@link AkiResponse#success()} is {@code false}; with
 * {@link Builder#raiseExceptions(boolean)} it is thrown as an {@link AkiException}. A
 * misuse of this interface ({@code null} parameters, no endpoint, no API key, a closed
 * client) is an {@link IllegalArgumentException} or {@link IllegalStateException} at
 * once, either way.
 * <p>
 * <strong>Threads.</strong> All methods may be called from any number of threads at the
 * same time. Each exchange with the server uses the key that is in force at that moment.
 * A call that polls and is interrupted cancels its job, returns a failure at once and
 * keeps the interrupt flag. A call that waits on the server ({@link #doApiRequest(Map)})
 * ends when its HTTP engine lets go: the JDK's at once, Apache HttpClient at the read
 * timeout; where that matters, use {@link #doApiRequestAwait(Map)}. What the threads of
 * the client are, and how many, tells {@link AkiConcurrency}; code of the caller (a
 * callback, a subscriber, what depends on a future result) delays its own job alone.
 *
 * @since 1.0.0
 * @see #builder()
 */
public interface AkiClient extends AutoCloseable {

	/**
	 * Return a builder with the default settings.
	 * @return a new builder
	 */
	static Builder builder() {
		return new DefaultAkiClientBuilder();
	}

	/**
	 * Return a builder with the settings of this client, to make one that differs, if
	 * only for one call: {@code client.mutate().readTimeout(…).build().doApiRequest(…)}.
	 * The new client shares the connections and threads of this one, so that it is cheap
	 * and need not be closed; closing this one ends them for both. Its key is its own.
	 * @return a new builder
	 */
	Builder mutate();

	/**
	 * Return a view of this client that calls another endpoint, over the same
	 * connections, with the same key and jobs. Cheap.
	 * @param endpoint the endpoint's name, such as {@code z_image_turbo}
	 * @return the view; closing it does nothing
	 * @throws IllegalArgumentException if the name is not one plain path segment
	 * (letters, digits, {@code -}, {@code _}, {@code .}, {@code ~})
	 */
	AkiClient forEndpoint(String endpoint);

	/**
	 * Make a request and wait for its result on the server, in one exchange that is
	 * bounded by the read timeout. Repeated only where the server cannot have taken it.
	 * @param params the endpoint's parameters
	 * @return the result, or the failure
	 */
	AkiResult doApiRequest(Map<String, ?> params);

	/**
	 * Make a request, poll its job and call back in this thread, until the result is
	 * there. An interrupt ends the wait at once, and cancels the job.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress, in this thread; with {@code null} this is
	 * {@link #doApiRequest(Map)}
	 * @return the result, or the failure
	 */
	AkiResult doApiRequest(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Make a request and return at once; its job is followed in the background.
	 * @param params the endpoint's parameters
	 * @return the job
	 * @throws org.springframework.core.task.TaskRejectedException if the client follows
	 * as many jobs as it may, see {@link AkiConcurrency}
	 */
	AkiJob doApiRequestAsync(Map<String, ?> params);

	/**
	 * Make a request and return at once; its job is followed in the background.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress, on a thread of the client; may be
	 * {@code null}
	 * @return the job
	 */
	AkiJob doApiRequestAsync(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Make a request, follow its job in the background and wait for the result. An
	 * interrupt ends the wait at once, whichever HTTP engine is used, and cancels the
	 * job.
	 * @param params the endpoint's parameters
	 * @return the result, or the failure
	 */
	AkiResult doApiRequestAwait(Map<String, ?> params);

	/**
	 * Make a request, follow its job in the background and wait for the result. An
	 * interrupt ends the wait at once, whichever HTTP engine is used, and cancels the
	 * job.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress, in this thread; may be {@code null}
	 * @return the result, or the failure
	 */
	AkiResult doApiRequestAwait(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Go on with a job that was started earlier, by this application or another, on this
	 * client's endpoint. The server hands a result out once: only one follower gets it.
	 * @param jobId the job's id
	 * @return the job
	 */
	AkiJob resume(String jobId);

	/**
	 * Go on with a job that was started earlier, by this application or another, on this
	 * client's endpoint. A server hands a result out once: only one follower gets it.
	 * @param jobId the job's id
	 * @param callback receives the progress, on a thread of the client; may be
	 * {@code null}
	 * @return the job
	 */
	AkiJob resume(String jobId, @Nullable AkiProgressCallback callback);

	/**
	 * Ask the server whether it accepts the key in force.
	 * @return the server's word; it answers 200 for a bad key too
	 */
	AkiKeyValidation initApiKey();

	/**
	 * Set the API key, as {@link #setApiKey(String)} does, and ask the server whether it
	 * accepts it.
	 * @param apiKey the key
	 * @return the server's word
	 */
	AkiKeyValidation initApiKey(String apiKey);

	/**
	 * Set the API key for all further exchanges of this client and its views, those of
	 * running jobs included. Takes the place of a supplier.
	 * @param apiKey the key
	 * @throws IllegalArgumentException if the key is empty or contains a space, a line
	 * break or a control character
	 */
	void setApiKey(String apiKey);

	/**
	 * Ask for the endpoints that the key in force may use. Works without a key.
	 * @return the endpoints, or the failure
	 */
	AkiEndpointList getEndpointList();

	/**
	 * Ask for the endpoints that a key may use.
	 * @param apiKey the key, used for this request alone
	 * @return the endpoints, or the failure
	 */
	AkiEndpointList getEndpointList(String apiKey);

	/**
	 * Ask what an endpoint takes and returns, and how busy it is.
	 * @param name the endpoint's name
	 * @return the details, or the failure
	 */
	AkiEndpointDetails getEndpointDetails(String name);

	/**
	 * Ask what an endpoint takes and returns, and how busy it is.
	 * @param name the endpoint's name
	 * @param apiKey the key, used for this request alone
	 * @return the details, or the failure
	 */
	AkiEndpointDetails getEndpointDetails(String name, String apiKey);

	/**
	 * Cancel jobs, and return at once: in a callback the job that it belongs to,
	 * elsewhere every job that this client and its views follow. A request that waits on
	 * the server ({@link #doApiRequest(Map)}) has no job that could be canceled.
	 */
	void cancelRequest();

	/**
	 * Cancel a job, whether or not this client follows it, and wait until the server has
	 * confirmed: for the cancel timeout after the cancel was sent, and before that for a
	 * poll that is on its way, at most for the progress timeout. Called in the job's own
	 * callback it does not wait.
	 * <p>
	 * A cancel is itself a poll: for a job that had just finished it brings the result.
	 * @param jobId the job's id, on this client's endpoint if the client does not follow
	 * it
	 * @return the server's answer: a success in the state {@link AkiJobState#CANCELED}
	 * once it has confirmed; the job's result if it had just finished; a failure if the
	 * job is not known or the server does not confirm
	 */
	AkiResult cancelRequest(String jobId);

	/**
	 * Send parameters along with the next poll of a job that this client follows. They
	 * are encoded like those of a request, and sent again if that poll fails.
	 * @param jobId the job's id
	 * @param params the parameters; they add to those not sent yet
	 */
	void appendProgressInputParams(String jobId, Map<String, ?> params);

	/**
	 * Return the server that this client talks to.
	 * @return its base URL
	 */
	String apiServer();

	/**
	 * Return the endpoint that requests of this client go to.
	 * @return the endpoint's name, or {@code null} if none is chosen
	 */
	@Nullable String endpoint();

	/**
	 * Return what this client is doing, for gauges.
	 * @return a live view, the same one for all clients that share their connections
	 */
	AkiActivity activity();

	/**
	 * End every job that this client follows: canceled on the server, or left there to be
	 * resumed, see {@link Builder#cancelOnClose(boolean)}. It waits for what is on its
	 * way, interrupted or not, at most for the progress timeout, the cancel timeout and a
	 * second. Then end its threads and connections. Does nothing on a view, or a second
	 * time.
	 */
	@Override
	void close();

	/**
	 * Encode binary data as the API takes it.
	 * @param data the data
	 * @param mediaFormat the format, such as {@code png}
	 * @return a data URI, {@code data:image/png;base64,…}
	 */
	static String encodeBinary(byte[] data, String mediaFormat) {
		return DataUri.encode(data, mediaFormat, null);
	}

	/**
	 * Encode binary data as the API takes it.
	 * @param data the data
	 * @param mediaFormat the format, such as {@code png}
	 * @param mediaType the media type, such as {@code image}; if {@code null} the one
	 * that belongs to the format
	 * @return a data URI, {@code data:image/png;base64,…}
	 * @see #detectMediaTypeFromFormat(String)
	 */
	static String encodeBinary(byte[] data, String mediaFormat, @Nullable String mediaType) {
		return DataUri.encode(data, mediaFormat, mediaType);
	}

	/**
	 * Decode a data URI, or bare base64.
	 * @param data the text, such as an element of {@link AkiResult#images()}
	 * @return the data, with the format {@code octet-stream} where the text names none
	 * @throws IllegalArgumentException if the text is {@code null}, empty, or no base64
	 */
	static AkiBinary decodeBinary(String data) {
		return DataUri.decode(data);
	}

	/**
	 * Tell whether a text is base64, bare or as the payload of a data URI.
	 * @param s the text
	 * @return {@code true} for base64 as the standard demands it, with its padding, of at
	 * least one byte
	 */
	static boolean checkIfValidBase64String(String s) {
		return DataUri.isStrictBase64(s);
	}

	/**
	 * Tell whether a text is JSON: an object, a list, or a single value.
	 * @param s the text
	 * @return {@code true} for one complete JSON value
	 */
	static boolean checkIfValidJsonString(String s) {
		return WireJson.isJson(s);
	}

	/**
	 * Return the name and version of this client, which {@link #initApiKey()} tells the
	 * server.
	 * @return {@code Java AKI.IO Client} and the version of the build
	 */
	static String getVersion() {
		return ClientVersion.NAME_AND_VERSION;
	}

	/**
	 * Return the media type that belongs to a format.
	 * @param mediaFormat the format, in any case
	 * @return {@code image}, {@code audio}, {@code video}, or {@code octet-stream} for a
	 * format that is not known
	 */
	static String detectMediaTypeFromFormat(String mediaFormat) {
		return MediaFormat.mediaTypeOf(mediaFormat);
	}

	/**
	 * Builds an {@link AkiClient}. Most values are checked by {@link #build()}; an API
	 * key and a {@code null} that is not allowed are rejected at once. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	interface Builder {

		/**
		 * Set the server.
		 * @param apiServer the base URL, without {@code /api}; default
		 * {@code https://aki.io}
		 * @return this builder
		 */
		Builder apiServer(String apiServer);

		/**
		 * Set the API key.
		 * @param apiKey the key
		 * @return this builder
		 */
		Builder apiKey(String apiKey);

		/**
		 * Set a supplier of the API key, which is asked at each exchange: it must be fast
		 * and thread-safe.
		 * @param apiKey returns the key
		 * @return this builder
		 */
		Builder apiKey(Supplier<String> apiKey);

		/**
		 * Set the endpoint that requests go to.
		 * @param endpoint the endpoint's name; without one, use
		 * {@link AkiClient#forEndpoint(String)}
		 * @return this builder
		 */
		Builder endpoint(String endpoint);

		/**
		 * Set the form of binary values in {@link AkiResult#get(String)} and
		 * {@link AkiResult#asMap()}.
		 * @param outputBinaryFormat the form; default
		 * {@link AkiOutputBinaryFormat#BASE64}
		 * @return this builder
		 */
		Builder outputBinaryFormat(AkiOutputBinaryFormat outputBinaryFormat);

		/**
		 * Set whether failures are thrown.
		 * @param raiseExceptions {@code true} to throw an {@link AkiException}; default
		 * {@code false}: a failure is an answer
		 * @return this builder
		 */
		Builder raiseExceptions(boolean raiseExceptions);

		/**
		 * Set the time from one poll of a job to the next.
		 * @param progressInterval the period, 1 ms or more; default 0.2 s
		 * @return this builder
		 */
		Builder progressInterval(Duration progressInterval);

		/**
		 * Set whether tool calls are parsed.
		 * @param returnToolCallDict {@code true} for lists and maps; default
		 * {@code false}: the JSON string that the server sends
		 * @return this builder
		 */
		Builder returnToolCallDict(boolean returnToolCallDict);

		/**
		 * Set how long connecting may take.
		 * @param connectTimeout the limit; default 10 s. Not together with
		 * {@link #restClientBuilder}, whose request factory has its own
		 * @return this builder
		 */
		Builder connectTimeout(Duration connectTimeout);

		/**
		 * Set how long a request that waits on the server may take.
		 * @param readTimeout the limit; default 300 s
		 * @return this builder
		 */
		Builder readTimeout(Duration readTimeout);

		/**
		 * Set how long any other exchange may take: a poll, the start of a job, or a
		 * question about keys or endpoints.
		 * @param progressTimeout the limit; default 30 s
		 * @return this builder
		 */
		Builder progressTimeout(Duration progressTimeout);

		/**
		 * Set how long a job is followed; then it is canceled.
		 * @param jobTimeout the limit; default 1 h
		 * @return this builder
		 */
		Builder jobTimeout(Duration jobTimeout);

		/**
		 * Set how long the server may take to confirm a cancel.
		 * @param cancelTimeout the limit; default 5 s
		 * @return this builder
		 */
		Builder cancelTimeout(Duration cancelTimeout);

		/**
		 * Set how long polls of a job may fail in a row before it is given up.
		 * @param outageTimeout the limit; default 2 min
		 * @return this builder
		 */
		Builder outageTimeout(Duration outageTimeout);

		/**
		 * Set what becomes of running jobs when the client is closed.
		 * @param cancelOnClose {@code true}, the default, to cancel them on the server;
		 * {@code false} to leave them there, where {@link AkiClient#resume(String)} finds
		 * them
		 * @return this builder
		 */
		Builder cancelOnClose(boolean cancelOnClose);

		/**
		 * Set how often an exchange is repeated.
		 * @param retry the policy; default {@link AkiRetryPolicy#DEFAULT}
		 * @return this builder
		 */
		Builder retry(AkiRetryPolicy retry);

		/**
		 * Set how large an answer may be.
		 * @param maxResponseSize the limit; default 256 MB
		 * @return this builder
		 */
		Builder maxResponseSize(DataSize maxResponseSize);

		/**
		 * Set how many jobs the client follows at the same time, and on how many threads.
		 * Clients made with {@link AkiClient#mutate()} share both.
		 * @param concurrency the limits; default {@link AkiConcurrency#DEFAULT}
		 * @return this builder
		 */
		Builder concurrency(AkiConcurrency concurrency);

		/**
		 * Set where requests are observed: one observation for each, with the caller's as
		 * its parent, from the call to the end of the job. Callbacks run in its scope.
		 * @param observationRegistry the registry; default
		 * {@link ObservationRegistry#NOOP}
		 * @return this builder
		 */
		Builder observationRegistry(ObservationRegistry observationRegistry);

		/**
		 * Set how observations are named, and what they tell.
		 * @param observationConvention the convention; default
		 * {@link DefaultAkiObservationConvention}, unless the registry has one for
		 * {@link AkiRequestObservationContext}
		 * @return this builder
		 */
		Builder observationConvention(AkiObservationConvention observationConvention);

		/**
		 * Set what gives code of the caller that runs on threads of the client the
		 * context of its job's start: a trace, a logging context, a security context.
		 * That code is the callback, a subscriber, and what depends on the future result
		 * of {@link AkiClient#doApiRequestAsync} and {@link AkiClient#resume}. Callbacks
		 * that run in the thread of a waiting caller have its context already.
		 * <p>
		 * The decorator is asked a few times, in the thread that starts the job. Each of
		 * the tasks that it makes then runs any number of times, one after the other and
		 * never at the same time. Where it fails, the code runs without a context, and a
		 * warning is logged.
		 * @param taskDecorator the decorator, such as
		 * {@link org.springframework.core.task.support.ContextPropagatingTaskDecorator};
		 * default none
		 * @return this builder
		 */
		Builder taskDecorator(TaskDecorator taskDecorator);

		/**
		 * Set what makes the HTTP client. It is copied, and keeps its request factory,
		 * interceptors and observations.
		 * @param restClientBuilder the builder; see {@link AkiClientHttpRequestFactory}
		 * for the time limits. Without one the client uses the JDK's engine, and closes
		 * it
		 * @return this builder
		 */
		Builder restClientBuilder(RestClient.Builder restClientBuilder);

		/**
		 * Make the client.
		 * @return a new client
		 * @throws IllegalArgumentException if a value cannot be
		 */
		AkiClient build();

	}

}
