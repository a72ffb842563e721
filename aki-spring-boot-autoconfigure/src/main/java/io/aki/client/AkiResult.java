package io.aki.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.aki.client.json.DataUri;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The result of a request, or its failure. Immutable.
 * <p>
 * What an endpoint returns is declared by {@link AkiClient#getEndpointDetails(String)};
 * the usual keys have methods here, all others are read with {@link #get(String)}.
 * Written as JSON it is the API's own object: {@code success}, {@code job_id},
 * {@code text}, …, and {@code error}, {@code error_code} for a failure.
 */
public final class AkiResult extends DefaultAkiResponse {

	private static final String THINK_START = "<think>";

	private static final String THINK_END = "</think>";

	private final AkiJobState jobState;

	AkiResult(Map<String, @Nullable Object> wire, OutputConversion conversion, @Nullable Failure failure,
			AkiJobState jobState) {
		super(wire, conversion, failure);
		this.jobState = jobState;
	}

	/**
	 * Create a result from the API's own object, for tests of code that uses a client.
	 * @param answer the object, such as {@code Map.of("success", true, "text", "Hello")};
	 * {@code "success": false} with an {@code error} makes a failure
	 * @return the result, done unless {@code job_state} says otherwise
	 */
	public static AkiResult of(Map<String, ?> answer) {
		Assert.notNull(answer, "'answer' must not be null");
		Map<String, @Nullable Object> body = new LinkedHashMap<>(answer);
		Object state = body.get("job_state");
		return new AkiResult(body, OutputConversion.NONE, Failure.ofBody(body),
				(state != null) ? AkiJobState.of(state.toString()) : AkiJobState.DONE);
	}

	@Override
	public AkiResult orThrow() {
		throwIfFailed();
		return this;
	}

	/**
	 * Return the text, unchanged: with the output format {@code chatml} it may begin with
	 * the model's {@link #thinking() reasoning}.
	 * @return the text (its {@code content} with the output format {@code json}), or
	 * {@code null} if there is none
	 */
	public @Nullable String text() {
		return answerText();
	}

	/**
	 * Return the images.
	 * @return data URIs, empty if there are no images
	 * @see #binaries()
	 */
	public List<String> images() {
		Object images = wire().get("images");
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
			.filter((name) -> wire().get(name) instanceof String)
			.findFirst()
			.map(this::string)
			.orElse(null);
	}

	/**
	 * Return the images and the audio, decoded. They are decoded at each call.
	 * @return the binary values, the images first; empty if there are none
	 * @throws AkiException if the server sent something else than base64
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
	 * Return how the job ended.
	 * @return {@link AkiJobState#DONE} also for a job that ended with a worker's error;
	 * the last known state for a job that is no longer followed;
	 * {@link AkiJobState#UNKNOWN} where there was no job
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
	 * Return how long the job took, the time in the queue included.
	 * @return seconds, or {@code null} if unknown
	 */
	public @Nullable Double totalDuration() {
		return decimal("total_duration");
	}

	/**
	 * Return the model's reasoning: {@code thinking} with the output format {@code json},
	 * with {@code chatml} what stands in {@code <think>…</think>} at the head of the
	 * text.
	 * @return the reasoning, or {@code null} if there is none
	 */
	public @Nullable String thinking() {
		Object text = wire().get("text");
		if (text instanceof Map<?, ?> parts) {
			return (parts.get("thinking") instanceof String thinking) ? thinking : null;
		}
		if (text instanceof String string) {
			String head = string.stripLeading();
			if (head.startsWith(THINK_START)) {
				int end = head.indexOf(THINK_END);
				return head.substring(THINK_START.length(), (end >= 0) ? end : head.length()).strip();
			}
		}
		return null;
	}

	/**
	 * Return the tool calls that the model asks for, from the top of the answer or from
	 * its text object.
	 * @return the JSON string that the server sent, or what it holds (lists and maps)
	 * with {@link AkiClient.Builder#returnToolCallDict(boolean)}; {@code null} if there
	 * are none
	 */
	public @Nullable Object toolCalls() {
		Object toolCalls = wire().get("tool_calls");
		if (toolCalls == null && wire().get("text") instanceof Map<?, ?> parts) {
			toolCalls = parts.get("tool_calls");
		}
		return conversion().convertToolCalls(toolCalls);
	}

}
