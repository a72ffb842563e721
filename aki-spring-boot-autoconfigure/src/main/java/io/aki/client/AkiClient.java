package io.aki.client;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.json.DataUri;
import io.aki.client.json.MediaFormat;
import io.aki.client.json.ApiJson;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

/**
 * Client for the AI models of AKI.IO. Each model is an endpoint with a name. <pre
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
 * In a Spring Boot application the starter creates a client from the properties
 * {@code aki.io.*}. Inject that client.
 * <p>
 * <strong>Parameters.</strong> Numbers, strings and booleans are sent as they are. Maps,
 * lists, arrays, records and beans are sent as a string that contains their JSON, because
 * the API expects that. {@code byte[]}, {@link AkiBinary}, {@link java.nio.file.Path},
 * {@link org.springframework.core.io.Resource} and
 * {@link org.springframework.web.multipart.MultipartFile} are sent as data URIs, also
 * inside lists and maps, as are {@link java.io.File} and
 * {@link org.springframework.core.io.InputStreamSource}. The format is detected from
 * their first bytes or from the file name. The caller's map is not changed. The server
 * rejects most parameters that the endpoint does not declare, see
 * {@link #getEndpointDetails(String)}.
 * <p>
 * <strong>Failures.</strong> By default a failure is a response whose
 * {@link AkiResponse#success()} is {@code false}. With
 * {@link Builder#raiseExceptions(boolean)} it is thrown as an {@link AkiException}. An
 * {@link AkiTaskRejectedException}, which is not an {@code AkiException}, is thrown with
 * both settings if the client already follows the maximum number of jobs, see
 * {@link AkiConcurrency}. The exception of an {@link AkiRequestGuard} that refuses a
 * request is thrown with both settings, too. Misuse of this interface always throws an
 * {@link IllegalArgumentException} or an {@link IllegalStateException}: {@code null}
 * parameters, no endpoint, no API key, a closed client, or a wait in a thread that must
 * not block.
 * <p>
 * <strong>Terms.</strong> An <em>exchange</em> is one HTTP request and its response. A
 * request to an endpoint <em>starts</em> a job. The client <em>follows</em> a job: it
 * polls the server for the progress until the job is done, failed or canceled. The server
 * returns the result of a job only once.
 * <p>
 * <strong>Threads.</strong> A client is thread-safe. If the thread of a call that polls
 * is interrupted, the call cancels its job, returns a failure at once and keeps the
 * interrupt flag. The effect of an interrupt on a call that waits on the server
 * ({@link #doApiRequest(Map)}) depends on the HTTP engine: the JDK's engine ends the call
 * at once, Apache HttpClient at the read timeout. {@link #doApiRequestAwait(Map)} always
 * ends at once. {@link AkiConcurrency} describes the threads of a client. Code of the
 * caller (a callback, a subscriber, a function that is registered on
 * {@link AkiJob#result()}) delays only its own job.
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
	 * Return a builder with the settings of this client. Use it to create a client with
	 * other settings, even for one call:
	 * {@code client.mutate().readTimeout(…).build().doApiRequest(…)}.
	 * <p>
	 * The new client shares the connections and threads of this client. It is cheap to
	 * create and need not be closed. Once this client is closed, the new client cannot be
	 * used either. The clients do not share their keys and their jobs.
	 * @return a new builder
	 */
	Builder mutate();

	/**
	 * Return a view of this client that calls another endpoint. It shares the
	 * connections, the key and the jobs of this client, and is cheap to create.
	 * @param endpoint the endpoint's name, such as {@code z_image_turbo}
	 * @return the view; {@link #close()} has no effect on it
	 * @throws IllegalArgumentException if the name contains anything but letters, digits,
	 * {@code -}, {@code _}, {@code .} and {@code ~}
	 */
	AkiClient forEndpoint(String endpoint);

	/**
	 * Send a request and wait on the server for its result, in one HTTP exchange. The
	 * read timeout limits the wait. The request is repeated only if the server certainly
	 * did not accept it.
	 * @param params the endpoint's parameters
	 * @return the result or the failure
	 * @throws IllegalStateException in a thread of Reactor that must not block
	 */
	AkiResult doApiRequest(Map<String, ?> params);

	/**
	 * Send a request, poll its job, and wait for the result. An interrupt ends the wait
	 * at once and cancels the job.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress in the calling thread. If it is {@code null},
	 * the call is the same as {@link #doApiRequest(Map)}
	 * @return the result or the failure
	 * @throws AkiTaskRejectedException if the client already follows the maximum number
	 * of jobs
	 * @throws IllegalStateException in a thread of Reactor that must not block
	 */
	AkiResult doApiRequest(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Send a request and return at once. The job is followed in the background.
	 * @param params the endpoint's parameters
	 * @return the job
	 * @throws AkiTaskRejectedException if the client already follows the maximum number
	 * of jobs, see {@link AkiConcurrency}
	 */
	AkiJob doApiRequestAsync(Map<String, ?> params);

	/**
	 * Send a request and return at once. The job is followed in the background.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress in a thread of the client
	 * @return the job
	 * @throws AkiTaskRejectedException if the client already follows the maximum number
	 * of jobs, see {@link AkiConcurrency}
	 */
	AkiJob doApiRequestAsync(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Send a request, follow its job in the background, and wait for the result. An
	 * interrupt ends the wait at once with every HTTP engine, and cancels the job.
	 * @param params the endpoint's parameters
	 * @return the result or the failure
	 * @throws AkiTaskRejectedException if the client already follows the maximum number
	 * of jobs
	 * @throws IllegalStateException in a thread of Reactor that must not block
	 */
	AkiResult doApiRequestAwait(Map<String, ?> params);

	/**
	 * Send a request, follow its job in the background, and wait for the result. An
	 * interrupt ends the wait at once with every HTTP engine, and cancels the job.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress in the calling thread
	 * @return the result or the failure
	 * @throws AkiTaskRejectedException if the client already follows the maximum number
	 * of jobs
	 * @throws IllegalStateException in a thread of Reactor that must not block
	 */
	AkiResult doApiRequestAwait(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Follow a job that was started earlier on this client's endpoint, by this or by
	 * another application. The server returns a result only once, so that only one
	 * follower of a job receives it.
	 * @param jobId the job's id, from {@link AkiJob#jobId()}, {@link AkiResult#jobId()}
	 * or {@link AkiProgressInfo#jobId()}
	 * @return the job
	 */
	AkiJob resume(String jobId);

	/**
	 * Follow a job that was started earlier on this client's endpoint, by this or by
	 * another application. The server returns a result only once, so that only one
	 * follower of a job receives it.
	 * @param jobId the job's id, from {@link AkiJob#jobId()}, {@link AkiResult#jobId()}
	 * or {@link AkiProgressInfo#jobId()}
	 * @param callback receives the progress in a thread of the client
	 * @return the job
	 */
	AkiJob resume(String jobId, @Nullable AkiProgressCallback callback);

	/**
	 * Ask the server whether the current API key is valid.
	 * @return the response, which is a failure for an invalid key
	 */
	AkiKeyValidation initApiKey();

	/**
	 * Set the API key as {@link #setApiKey(String)} does, and ask the server whether it
	 * is valid.
	 * @param apiKey the key
	 * @return the response, which is a failure for an invalid key
	 */
	AkiKeyValidation initApiKey(String apiKey);

	/**
	 * Set the API key for all further exchanges of this client and its views, including
	 * those of running jobs. The key replaces a supplier.
	 * @param apiKey the key
	 * @throws IllegalArgumentException if the key is empty or contains a space, a line
	 * break or a control character
	 */
	void setApiKey(String apiKey);

	/**
	 * Get the endpoints that the current key may use. If no key is set, the request is
	 * sent without one.
	 * @return the endpoints or the failure
	 */
	AkiEndpointList getEndpointList();

	/**
	 * Get the endpoints that a key may use.
	 * @param apiKey the key, which is used for this request only
	 * @return the endpoints or the failure
	 */
	AkiEndpointList getEndpointList(String apiKey);

	/**
	 * Get the parameters, the outputs and the load of an endpoint.
	 * @param name the endpoint's name
	 * @return the details or the failure
	 */
	AkiEndpointDetails getEndpointDetails(String name);

	/**
	 * Get the parameters, the outputs and the load of an endpoint.
	 * @param name the endpoint's name
	 * @param apiKey the key, which is used for this request only
	 * @return the details or the failure
	 */
	AkiEndpointDetails getEndpointDetails(String name, String apiKey);

	/**
	 * Cancel the job whose callback runs in the calling thread. Outside of a callback
	 * this is {@link #cancelAll()}. The method does not wait for the server.
	 */
	void cancelRequest();

	/**
	 * Cancel every job that this client and its views follow. The method does not wait
	 * for the server. A request that waits on the server ({@link #doApiRequest(Map)}) has
	 * no job that can be canceled.
	 * <p>
	 * <strong>Warning:</strong> a client that is injected as a bean is shared by all
	 * users of the application, so that this method cancels the jobs of all users. To
	 * cancel one job, call {@link AkiJob#cancel()} or {@link #cancelRequest(String)}.
	 */
	void cancelAll();

	/**
	 * Cancel a job and wait until the server has confirmed it. This client need not
	 * follow the job. If a poll of the job is running, the method first waits for its
	 * response, at most for the progress timeout. Then it waits for the confirmation, at
	 * most for the cancel timeout. In the callback of the job the method does not wait.
	 * <p>
	 * A cancel request is a poll. For a job that is done it returns the result.
	 * @param jobId the job's id; a job that this client does not follow belongs to this
	 * client's endpoint
	 * @return a success with the state {@link AkiJobState#CANCELED} if the server has
	 * confirmed; the result if the job was done; a failure if the server does not know
	 * the job or does not confirm
	 */
	AkiResult cancelRequest(String jobId);

	/**
	 * Send parameters with the next poll of a job that this client follows. They are
	 * encoded like those of a request. If the poll fails they are sent again.
	 * @param jobId the job's id
	 * @param params the parameters, which are added to those that are not sent yet
	 */
	void appendProgressInputParams(String jobId, Map<String, ?> params);

	/**
	 * Return the base URL of the server.
	 * @return the URL
	 */
	String apiServer();

	/**
	 * Return the endpoint of this client's requests.
	 * @return the endpoint's name, or {@code null} if none is set
	 */
	@Nullable String endpoint();

	/**
	 * Return numbers about the work of this client, for gauges.
	 * @return the current numbers. Clients that {@link #mutate()} created return the same
	 * object
	 */
	AkiActivity activity();

	/**
	 * End every job that this client follows, then the threads and connections. Jobs are
	 * canceled on the server unless {@link Builder#cancelOnClose(boolean)} is
	 * {@code false}. The method waits for exchanges that have been sent, also if the
	 * thread is interrupted: at most for the sum of the progress timeout, the cancel
	 * timeout and 1 s. It has no effect on a view, or when it is called again.
	 */
	@Override
	void close();

	/**
	 * Encode binary data as the API expects it.
	 * @param data the data
	 * @param mediaFormat the format, such as {@code png}
	 * @return a data URI, {@code data:image/png;base64,…}
	 */
	static String encodeBinary(byte[] data, String mediaFormat) {
		return DataUri.encode(data, mediaFormat, null);
	}

	/**
	 * Encode binary data as the API expects it.
	 * @param data the data
	 * @param mediaFormat the format, such as {@code png}
	 * @param mediaType the media type, such as {@code image}; {@code null} to derive it
	 * from the format
	 * @return a data URI, {@code data:image/png;base64,…}
	 * @see #detectMediaTypeFromFormat(String)
	 */
	static String encodeBinary(byte[] data, String mediaFormat, @Nullable String mediaType) {
		return DataUri.encode(data, mediaFormat, mediaType);
	}

	/**
	 * Decode a data URI or plain base64.
	 * @param data the text, such as an element of {@link AkiResult#images()}
	 * @return the data; the format of plain base64 is {@code octet-stream}
	 * @throws IllegalArgumentException if the text is {@code null}, empty or not base64
	 */
	static AkiBinary decodeBinary(String data) {
		DataUri uri = DataUri.decode(data);
		return new AkiBinary(uri.format(), uri.data());
	}

	/**
	 * Return whether a text is base64, either plain or as the payload of a data URI.
	 * @param s the text
	 * @return {@code true} for base64 of at least one byte with correct padding
	 */
	static boolean checkIfValidBase64String(String s) {
		return DataUri.isStrictBase64(s);
	}

	/**
	 * Return whether a text is JSON: an object, a list or a single value.
	 * @param s the text
	 * @return {@code true} for one complete JSON value
	 */
	static boolean checkIfValidJsonString(String s) {
		return ApiJson.isJson(s);
	}

	/**
	 * Return the name and version of this client. {@link #initApiKey()} sends them to the
	 * server.
	 * @return {@code Java AKI.IO Client} and the version
	 */
	static String getVersion() {
		return ClientVersion.NAME_AND_VERSION;
	}

	/**
	 * Return the media type of a format.
	 * @param mediaFormat the format, in any case
	 * @return {@code image}, {@code audio}, {@code video} or, for other formats,
	 * {@code octet-stream}
	 */
	static String detectMediaTypeFromFormat(String mediaFormat) {
		return MediaFormat.mediaTypeOf(mediaFormat);
	}

	/**
	 * Builds an {@link AkiClient}. Not thread-safe. Each method throws an
	 * {@link IllegalArgumentException} if its value is invalid. All durations must be
	 * greater than zero.
	 *
	 * @since 1.0.0
	 */
	interface Builder {

		/**
		 * Set the server.
		 * @param apiServer the base URL without {@code /api}; default
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
		 * Set a supplier of the API key. It is called for each exchange, so that it must
		 * be fast and thread-safe.
		 * @param apiKey supplies the key
		 * @return this builder
		 */
		Builder apiKey(Supplier<String> apiKey);

		/**
		 * Set a supplier of the API key and a description of its source. Both must be
		 * fast and thread-safe.
		 * @param apiKey supplies the key, for each exchange
		 * @param source describes where the key comes from, such as
		 * {@code the property 'aki.io.api-key'}; it is part of the message about an
		 * invalid key and must not contain the key
		 * @return this builder
		 */
		Builder apiKey(Supplier<String> apiKey, Supplier<String> source);

		/**
		 * Set the endpoint.
		 * @param endpoint the endpoint's name; without it, use
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
		 * @param raiseExceptions {@code true} to throw an {@link AkiException};
		 * {@code false}, the default, to return a response
		 * @return this builder
		 */
		Builder raiseExceptions(boolean raiseExceptions);

		/**
		 * Set the time between two polls of a job.
		 * @param progressInterval the time, 1 ms or more; default 0.2 s
		 * @return this builder
		 */
		Builder progressInterval(Duration progressInterval);

		/**
		 * Set whether tool calls are parsed.
		 * @param returnToolCallDict {@code true} for lists and maps; {@code false}, the
		 * default, for the JSON text of the server
		 * @return this builder
		 */
		Builder returnToolCallDict(boolean returnToolCallDict);

		/**
		 * Set the connection timeout. It cannot be combined with
		 * {@link #restClientBuilder}, whose request factory has its own timeout.
		 * @param connectTimeout the timeout; default 10 s
		 * @return this builder
		 */
		Builder connectTimeout(Duration connectTimeout);

		/**
		 * Set the time limit of a request that waits on the server.
		 * @param readTimeout the time limit; default 300 s
		 * @return this builder
		 */
		Builder readTimeout(Duration readTimeout);

		/**
		 * Set the time limit of every other exchange: a poll, the start of a job, or a
		 * request about keys or endpoints.
		 * @param progressTimeout the time limit; default 30 s
		 * @return this builder
		 */
		Builder progressTimeout(Duration progressTimeout);

		/**
		 * Set the time limit of a job. When it is reached the job is canceled.
		 * @param jobTimeout the time limit; default 1 h
		 * @return this builder
		 */
		Builder jobTimeout(Duration jobTimeout);

		/**
		 * Set how long to wait for the server's confirmation of a cancel request.
		 * @param cancelTimeout the time limit; default 5 s
		 * @return this builder
		 */
		Builder cancelTimeout(Duration cancelTimeout);

		/**
		 * Set how long consecutive polls of a job may fail before the client stops to
		 * follow the job.
		 * @param outageTimeout the time limit; default 2 min
		 * @return this builder
		 */
		Builder outageTimeout(Duration outageTimeout);

		/**
		 * Set whether {@link AkiClient#close()} cancels running jobs.
		 * @param cancelOnClose {@code true}, the default, to cancel them on the server;
		 * {@code false} to let them run, so that {@link AkiClient#resume(String)} can
		 * follow them
		 * @return this builder
		 */
		Builder cancelOnClose(boolean cancelOnClose);

		/**
		 * Set how exchanges are repeated.
		 * @param retry the policy; default {@link AkiRetryPolicy#DEFAULT}
		 * @return this builder
		 */
		Builder retry(AkiRetryPolicy retry);

		/**
		 * Set the maximum size of a response.
		 * @param maxResponseSize the size, 1 byte or more; default 256 MB
		 * @return this builder
		 */
		Builder maxResponseSize(DataSize maxResponseSize);

		/**
		 * Set how many jobs the client follows at the same time, and with how many
		 * threads. Clients that {@link AkiClient#mutate()} creates share both.
		 * @param concurrency the limits; default {@link AkiConcurrency#DEFAULT}
		 * @return this builder
		 */
		Builder concurrency(AkiConcurrency concurrency);

		/**
		 * Add a guard, which allows or refuses requests that cost money. It is asked
		 * after the guards that were added before.
		 * @param requestGuard the guard; default none
		 * @return this builder
		 */
		Builder requestGuard(AkiRequestGuard requestGuard);

		/**
		 * Change the list of guards. The builder of {@link AkiClient#mutate()} has the
		 * guards of its client.
		 * @param requestGuards receives the guards in order, and may add, remove or sort
		 * them
		 * @return this builder
		 */
		Builder requestGuards(Consumer<List<AkiRequestGuard>> requestGuards);

		/**
		 * Set the supplier of the user that guards see. If the client has guards, it is
		 * called once for each request that starts a job, in the thread of the call. An
		 * exception of the supplier is thrown to the caller.
		 * @param principal supplies the user of the calling thread, or {@code null};
		 * default always {@code null}
		 * @return this builder
		 * @see AkiStartRequest#principal()
		 */
		Builder principal(Supplier<? extends @Nullable Principal> principal);

		/**
		 * Set what is logged about HTTP requests and their responses.
		 * @param requestLogging the content of the log; default
		 * {@link AkiRequestLogging#NONE}
		 * @return this builder
		 */
		Builder requestLogging(AkiRequestLogging requestLogging);

		/**
		 * Set the registry for observations. Each request has one observation, from the
		 * call until the end of its job. Its parent is the current observation of the
		 * caller. Callbacks run in its scope.
		 * @param observationRegistry the registry; default
		 * {@link ObservationRegistry#NOOP}
		 * @return this builder
		 */
		Builder observationRegistry(ObservationRegistry observationRegistry);

		/**
		 * Set the convention that names observations and contributes their key values.
		 * @param observationConvention the convention; default
		 * {@link DefaultAkiObservationConvention}, unless the registry has one for
		 * {@link AkiRequestObservationContext}
		 * @return this builder
		 */
		Builder observationConvention(AkiObservationConvention observationConvention);

		/**
		 * Set the decorator for code of the caller that runs in threads of the client. It
		 * gives that code the context of the thread that started the job, such as a
		 * trace, a logging context or a security context. It decorates callbacks,
		 * subscribers and actions that depend on the future result of
		 * {@link AkiClient#doApiRequestAsync} and {@link AkiClient#resume}. A callback
		 * that runs in the calling thread needs no decorator.
		 * <p>
		 * {@code decorate()} is called several times per job, in the thread that starts
		 * the job. Each decorated task is then run several times, but never concurrently.
		 * If the decorator throws an exception, the code runs without the context and a
		 * warning is logged.
		 * @param taskDecorator the decorator, such as
		 * {@link org.springframework.core.task.support.ContextPropagatingTaskDecorator};
		 * default none
		 * @return this builder
		 */
		Builder taskDecorator(TaskDecorator taskDecorator);

		/**
		 * Set the builder of the HTTP client. The builder is copied. Its request factory,
		 * interceptors and observations stay as they are. Without this builder the client
		 * creates the JDK's HTTP engine and closes it.
		 * @param restClientBuilder the builder; {@link AkiClientHttpRequestFactory}
		 * describes the time limits
		 * @return this builder
		 */
		Builder restClientBuilder(RestClient.Builder restClientBuilder);

		/**
		 * Create the client.
		 * @return a new client
		 * @throws IllegalArgumentException if settings contradict each other
		 */
		AkiClient build();

	}

}
