package io.aki.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.aki.client.json.DataUri;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The result of a request, or its failure. Immutable.
 * <p>
 * The outputs of an endpoint are in {@link AkiEndpointDetails#outputs()}. The usual ones
 * have methods here; read all others with {@link #get(String)}. Written as JSON, a result
 * has the fields of {@link #toPublicMap()}: {@code success}, {@code job_id},
 * {@code text}, …, and {@code error}, {@code error_code} for a failure. The fields about
 * the server's worker are left out; {@link #asMap()} contains them.
 *
 * @since 1.0.0
 */
public final class AkiResult extends DefaultAkiResponse {

	private static final int ERROR_CODE_MIN = 400;

	/**
	 * Fields about the worker and the clock of the server, which it adds to the outputs
	 * of an endpoint and to the progress of a job that ended early.
	 */
	private static final Set<String> INTERNAL = Set.of("auth", "auth_key", "worker_interface_version", "start_time",
			"start_time_compute", "arrival_time", "finished_time", "result_received_time");

	// Python writes numbers in this range without an exponent
	private static final double PLAIN_NUMBER_MIN = 1e-4;

	private static final double PLAIN_NUMBER_MAX = 1e16;

	private static final Set<String> PROGRESS = Set.of("progress", "progress_data");

	private final AkiJobState jobState;

	AkiResult(Map<String, @Nullable Object> body, OutputConversion conversion, @Nullable Failure failure,
			AkiJobState jobState) {
		super(body, conversion, failure);
		this.jobState = jobState;
	}

	/**
	 * Create a result from the API's own object, for tests of code that uses a client:
	 * <pre class="code">
	 * AkiResult.of(Map.of("success", true, "text", "Hello"));
	 * AkiResult.of(Map.of("success", false, "error", "Too many requests", "error_code", 429));
	 * </pre>
	 * <p>
	 * The result is a failure if {@code success} is {@code false}, or if there is an
	 * {@code error} or an {@code error_code} of 400 or more. {@link #orThrow()} throws
	 * the same exception as the client for this {@code error_code} and {@code job_state},
	 * such as an {@link AkiRateLimitException} for 429. If there is neither an
	 * {@code error_code} of 400 or more nor the state {@code canceled} or {@code lapsed},
	 * it throws an {@link AkiJobFailedException}.
	 * @param response the object, copied
	 * @return the result; its state is {@link AkiJobState#DONE} unless there is a
	 * {@code job_state}
	 */
	public static AkiResult of(Map<String, ?> response) {
		Assert.notNull(response, "'response' must not be null");
		Map<String, @Nullable Object> body = new LinkedHashMap<>(response);
		Object state = body.get("job_state");
		AkiJobState jobState = (state != null) ? AkiJobState.of(state.toString()) : AkiJobState.DONE;
		return new AkiResult(body, OutputConversion.NONE, failure(body, jobState), jobState);
	}

	/**
	 * Return the failure with the status in the object. The status and the state of the
	 * job determine its kind.
	 */
	private static @Nullable Failure failure(Map<String, @Nullable Object> body, AkiJobState jobState) {
		Failure failure = Failure.ofBody(body);
		Integer status = (body.get("error_code") instanceof Number number && number.intValue() >= ERROR_CODE_MIN)
				? Integer.valueOf(number.intValue()) : null;
		if (failure == null && status == null) {
			return null;
		}
		String error = (failure != null) ? failure.error() : "The server reports a failure without a reason";
		Failure.Kind kind = switch (jobState) {
			case CANCELED -> Failure.Kind.CANCELED;
			case LAPSED -> Failure.Kind.LAPSED;
			// 402 for a job says that the server does not know it
			default -> (status == null || (status == 402 && body.get("job_id") != null)) ? Failure.Kind.JOB_FAILED
					: Failure.ofStatus(status, error).kind();
		};
		boolean retryable = body.get("job_id") == null && status != null && (status == 429 || status == 503);
		return new Failure(kind, error, status, null).withRetryable(retryable);
	}

	@Override
	public AkiResult orThrow() {
		throwIfFailed();
		return this;
	}

	/**
	 * Return the text as the server sent it. With the output format {@code chatml} it may
	 * start with the model's {@link #thinking() reasoning}.
	 * @return the text (its {@code content} with the output format {@code json}), or
	 * {@code null} if there is none
	 * @see #answer()
	 */
	public @Nullable String text() {
		return answerText();
	}

	/**
	 * Return the text without the model's {@link #thinking() reasoning}. With the output
	 * format {@code chatml} the answer is the text after {@code <think>…</think>},
	 * without leading white space. A text without reasoning is returned unchanged.
	 * @return the answer, empty if the text contains only reasoning; {@code null} if
	 * there is no text
	 */
	public @Nullable String answer() {
		return (text() != null) ? ReasoningText.of(body().get("text"), true).answer() : null;
	}

	/**
	 * Return the model's reasoning. With the output format {@code json} the server sends
	 * it as {@code thinking}. With {@code chatml} it is the content of
	 * {@code <think>…</think>} at the start of the text. If the second tag is missing,
	 * the whole rest of the text is reasoning.
	 * @return the reasoning without white space around it, or {@code null} if there is
	 * none
	 * @see #answer()
	 */
	public @Nullable String thinking() {
		return ReasoningText.of(body().get("text"), true).thinking();
	}

	/**
	 * Return the images.
	 * @return data URIs, empty if there are no images
	 * @see #binaries()
	 */
	public List<String> images() {
		Object images = body().get("images");
		if (images instanceof String image) {
			return List.of(image);
		}
		List<String> strings = new ArrayList<>();
		if (images instanceof List<?> list) {
			list.forEach((image) -> {
				if (image instanceof String string) {
					strings.add(string);
				}
			});
		}
		return List.copyOf(strings);
	}

	/**
	 * Return the audio, which endpoints call {@code audio}, {@code audio_output} or
	 * {@code audio_data}.
	 * @return a data URI, or {@code null} if there is no audio
	 */
	public @Nullable String audio() {
		return Stream.of("audio", "audio_output", "audio_data")
			.filter((name) -> body().get(name) instanceof String)
			.findFirst()
			.map(this::string)
			.orElse(null);
	}

	/**
	 * Return the images and the audio, decoded. They are decoded at each call.
	 * @return the binary values, the images first; empty if there are none
	 * @throws AkiException if the server sent something other than base64
	 */
	public List<AkiBinary> binaries() {
		List<AkiBinary> binaries = new ArrayList<>();
		images().forEach((image) -> binaries.add(decode("images", image)));
		String audio = audio();
		if (audio != null) {
			binaries.add(decode("audio", audio));
		}
		return List.copyOf(binaries);
	}

	private AkiBinary decode(String name, String value) {
		try {
			DataUri uri = DataUri.decode(value);
			return new AkiBinary(uri.format(), uri.data());
		}
		catch (IllegalArgumentException ex) {
			throw new Failure(Failure.Kind.JOB_FAILED,
					"The server sent a value in '" + name + "' that cannot be decoded: " + ex.getMessage())
				.toException(jobId());
		}
	}

	/**
	 * Return the job's id, for {@link AkiClient#resume(String)} or
	 * {@link AkiClient#cancelRequest(String)}.
	 * @return the id, or {@code null} if the server did not accept the request
	 */
	public @Nullable String jobId() {
		return string("job_id");
	}

	/**
	 * Return whether the same request can be sent again without the risk to pay for two
	 * jobs, and may succeed later. This is so if the server could not be reached, or
	 * answered 429 (too many requests) or 503 (unavailable) without a job. The client has
	 * repeated the request as its {@link AkiRetryPolicy} allows.
	 * @return {@code false} for a success, for a failure that will occur again, and if
	 * the server may have started a job
	 */
	public boolean isRetryable() {
		Failure failure = failure();
		return failure != null && failure.retryable();
	}

	/**
	 * Return how the job ended.
	 * @return {@link AkiJobState#DONE} also for a job that ended with an error of the
	 * worker; the last known state for a job that is no longer followed;
	 * {@link AkiJobState#UNKNOWN} if there was no job
	 */
	public AkiJobState jobState() {
		return this.jobState;
	}

	/**
	 * Return how many tokens the model has generated.
	 * @return the number, or {@code null} if the endpoint does not count
	 */
	public @Nullable Integer numGeneratedTokens() {
		return integer("num_generated_tokens");
	}

	/**
	 * Return how long the worker computed.
	 * @return seconds, or {@code null} if unknown
	 */
	public @Nullable Double computeDuration() {
		return decimal("compute_duration");
	}

	/**
	 * Return how long the job took, including the time in the queue.
	 * @return seconds, or {@code null} if unknown
	 */
	public @Nullable Double totalDuration() {
		return decimal("total_duration");
	}

	/**
	 * Return the tool calls of the model, from the response or from its text object.
	 * @return the JSON text that the server sent, or its lists and maps with
	 * {@link AkiClient.Builder#returnToolCallDict(boolean)}; {@code null} if there are
	 * none
	 * @see #toolCallList()
	 */
	public @Nullable Object toolCalls() {
		return conversion().convertToolCalls(sentToolCalls());
	}

	/**
	 * Return the tool calls of the model. They are parsed at each call of this method.
	 * The API does not document their form. These forms are known, in a list or as a
	 * single value, as JSON or as a text that contains the JSON:
	 * <ul>
	 * <li><code>{"name": …, "arguments": {…}}</code>, also with {@code parameters}
	 * instead of {@code arguments}</li>
	 * <li><code>{"id": …, "type": "function", "function": {"name": …, "arguments":
	 * …}}</code></li>
	 * </ul>
	 * The arguments are an object or its JSON string; a call without them has none.
	 * @return the calls in the model's order, unmodifiable; empty if there are none
	 * @throws AkiException if an entry has another form. Then {@link #toolCalls()}
	 * returns the value that the server sent
	 */
	public List<AkiToolCall> toolCallList() {
		try {
			return ToolCalls.read(sentToolCalls());
		}
		catch (IllegalArgumentException ex) {
			throw new Failure(Failure.Kind.JOB_FAILED,
					"The model's tool calls cannot be read: 'tool_calls' contains " + ex.getMessage())
				.toException(jobId());
		}
	}

	private @Nullable Object sentToolCalls() {
		Object toolCalls = body().get("tool_calls");
		if (toolCalls == null && body().get("text") instanceof Map<?, ?> parts) {
			toolCalls = parts.get("tool_calls");
		}
		return toolCalls;
	}

	/**
	 * Return the fields that an application may show to its users: all fields of the
	 * response except those about the server itself. These fields are left out:
	 * <ul>
	 * <li>{@code auth}, {@code auth_key} and {@code worker_interface_version}, which
	 * identify the worker</li>
	 * <li>{@code start_time}, {@code start_time_compute}, {@code arrival_time},
	 * {@code finished_time} and {@code result_received_time}, the server's clock</li>
	 * </ul>
	 * They are also left out of the {@code progress} of a job that ended early. All other
	 * fields stay, because each endpoint has its own outputs: {@code success},
	 * {@code error}, {@code error_code}, {@code job_id}, {@code ep_version},
	 * {@code text}, {@code images}, {@code seed}, {@code num_generated_tokens},
	 * {@code compute_duration}, {@code total_duration}, …
	 * <p>
	 * Binary values are data URIs and tool calls are as the server sent them, with any
	 * settings of the client. Numbers that Java would write with an exponent are
	 * {@link BigDecimal}, so that each JSON mapper writes them as the server does.
	 * {@code NaN} and infinite numbers, which JSON does not support, are {@code null}.
	 * @return an unmodifiable map under the API's own names, in the server's order
	 */
	@SuppressWarnings("unchecked")
	public Map<String, @Nullable Object> toPublicMap() {
		return (Map<String, @Nullable Object>) Objects.requireNonNull(publicValue(json()));
	}

	@Override
	Map<String, @Nullable Object> json() {
		return withoutInternalFields(body());
	}

	private static Map<String, @Nullable Object> withoutInternalFields(Map<?, ?> fields) {
		Map<String, @Nullable Object> visible = new LinkedHashMap<>();
		fields.forEach((key, value) -> {
			String name = String.valueOf(key);
			if (!INTERNAL.contains(name)) {
				visible.put(name, (PROGRESS.contains(name) && value instanceof Map<?, ?> progress)
						? withoutInternalFields(progress) : value);
			}
		});
		return visible;
	}

	private static @Nullable Object publicValue(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> copy = new LinkedHashMap<>();
			map.forEach((name, member) -> copy.put(String.valueOf(name), publicValue(member)));
			return Collections.unmodifiableMap(copy);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> copy = new ArrayList<>(list.size());
			list.forEach((element) -> copy.add(publicValue(element)));
			return Collections.unmodifiableList(copy);
		}
		return (value instanceof Double number) ? publicNumber(number) : value;
	}

	/**
	 * Return a number that each JSON mapper writes as the server does: {@code 0.0005},
	 * not {@code 5.0E-4}.
	 */
	private static @Nullable Number publicNumber(Double number) {
		double magnitude = Math.abs(number);
		if (!Double.isFinite(number)) {
			return null;
		}
		if (magnitude < PLAIN_NUMBER_MIN || magnitude >= PLAIN_NUMBER_MAX || number.toString().indexOf('E') < 0) {
			return number;
		}
		BigDecimal plain = new BigDecimal(number.toString()).stripTrailingZeros();
		return plain.setScale(Math.max(plain.scale(), 1));
	}

}
