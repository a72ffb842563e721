package io.aki.spring.ai;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiException;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.spring.web.AkiReactive;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.audio.tts.Speech;
import org.springframework.ai.audio.tts.TextToSpeechModel;
import org.springframework.ai.audio.tts.TextToSpeechOptions;
import org.springframework.ai.audio.tts.TextToSpeechPrompt;
import org.springframework.ai.audio.tts.TextToSpeechResponse;
import org.springframework.ai.audio.tts.TextToSpeechResponseMetadata;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The speech endpoints of AKI.IO as a {@link TextToSpeechModel}. Thread-safe.
 * <pre class="code">
 * TextToSpeechModel model = AkiSpeechModel.builder(client)
 *     .options(AkiSpeechOptions.builder().model("xttsv2").language("en").build())
 *     .build();
 * byte[] audio = model.call("Hello");
 * </pre>
 * <p>
 * The options of a prompt have priority over those of this model. The model of the
 * options is the name of the endpoint. Each call, and each subscription of a stream,
 * starts one job, which costs money. A request is never repeated if the server may have
 * started its job. If the thread of the call is interrupted, or the subscription is
 * canceled, the job is canceled on the server.
 * <p>
 * The metadata of a response contains {@code job-id}, {@code model}, {@code format} (such
 * as {@code wav}) and {@code compute-duration} (a {@link java.time.Duration}).
 *
 * @since 1.0.0
 */
public class AkiSpeechModel implements TextToSpeechModel {

	private final AkiClient client;

	private final AkiSpeechOptions options;

	private final EndpointCapabilities capabilities;

	AkiSpeechModel(Builder builder) {
		this.client = builder.client;
		this.options = builder.options;
		this.capabilities = new EndpointCapabilities(builder.client);
	}

	/**
	 * Create a builder.
	 * @param client the client that sends the requests; it is not closed by the model
	 * @return the builder
	 */
	public static Builder builder(AkiClient client) {
		return new Builder(client);
	}

	/**
	 * Return the options for prompts without the same options.
	 * @return the options
	 */
	@Override
	public AkiSpeechOptions getOptions() {
		return this.options;
	}

	/**
	 * Speak a text and wait for the audio.
	 * @param prompt the text
	 * @return the audio
	 * @throws AkiException if the request or the job fails
	 * @throws IllegalArgumentException if no endpoint is set, the text is blank, or for
	 * an option that AKI.IO or the endpoint does not support
	 * @throws IllegalStateException if the calling thread is a thread of Reactor that
	 * must not block, or if the client is closed or has no key
	 */
	@Override
	public TextToSpeechResponse call(TextToSpeechPrompt prompt) {
		AkiChatModel.assertMayBlock();
		AkiSpeechOptions resolved = resolve(prompt);
		AkiParameters.Speech request = request(prompt, resolved);
		assertFormat(resolved);
		return response(this.client.forEndpoint(endpoint(resolved)).doApiRequestAwait(request).orThrow(), resolved);
	}

	/**
	 * Speak a text. The server sends the audio at the end of the job, so that the stream
	 * has one element. Each subscription starts a job.
	 * @param prompt the text
	 * @return the audio; a failure is an error signal with the exceptions of
	 * {@link #call(TextToSpeechPrompt)}
	 */
	@Override
	public Flux<TextToSpeechResponse> stream(TextToSpeechPrompt prompt) {
		return Flux.deferContextual((contextView) -> {
			AkiSpeechOptions resolved = resolve(prompt);
			AkiParameters.Speech request = request(prompt, resolved);
			Observation parent = contextView.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
				.orElse(Observation.NOOP);
			Mono<Void> check = Mono.fromRunnable(() -> assertFormat(resolved));
			if (resolved.getFormat() != null) {
				// the description of the endpoint may be read, and this thread must not
				// block
				check = check.subscribeOn(Schedulers.boundedElastic());
			}
			return check
				.then(Mono.defer(() -> AkiReactive.result(Objects.requireNonNull(
						parent.scoped(() -> this.client.forEndpoint(endpoint(resolved)).doApiRequestAsync(request))))))
				.map((result) -> response(result, resolved));
		});
	}

	private AkiSpeechOptions resolve(TextToSpeechPrompt prompt) {
		Assert.notNull(prompt, "'prompt' must not be null");
		TextToSpeechOptions options = prompt.getOptions();
		return (options != null) ? this.options.mutate().merge(options).build() : this.options;
	}

	private static String endpoint(AkiSpeechOptions options) {
		String endpoint = options.getModel();
		Assert.isTrue(StringUtils.hasText(endpoint),
				"No endpoint is set. Set 'spring.ai.aki.speech.model' or the model of the options to the name of a "
						+ "speech endpoint. AkiClient.getEndpointList() returns the names");
		return endpoint;
	}

	private static AkiParameters.Speech request(TextToSpeechPrompt prompt, AkiSpeechOptions options) {
		endpoint(options);
		Assert.isTrue(options.getSpeed() == null || options.getSpeed() == 1,
				"AKI.IO has no parameter for the option 'speed'. Remove it. If your "
						+ "endpoint has such a parameter, set it with AkiSpeechOptions.builder().param(…)");
		AkiParameters.Speech request = AkiParameters.speech(prompt.getInstructions().getText());
		if (options.getLanguage() != null) {
			request = request.language(options.getLanguage());
		}
		if (options.getVoice() != null) {
			request = request.voice(options.getVoice());
		}
		for (Map.Entry<String, Object> param : options.getParams().entrySet()) {
			request = request.set(param.getKey(), param.getValue());
		}
		return request;
	}

	/**
	 * Check the format before the job costs money.
	 */
	private void assertFormat(AkiSpeechOptions options) {
		String format = options.getFormat();
		String declared = (format != null) ? declaredFormat(endpoint(options)) : null;
		Assert.isTrue(declared == null || declared.equalsIgnoreCase(format), () -> "The endpoint '" + endpoint(options)
				+ "' returns audio in the format '" + declared + "', not '" + format + "'");
	}

	private @Nullable String declaredFormat(String endpoint) {
		AkiEndpointDetails details = this.capabilities.details(endpoint);
		if (details != null && details.parameterDescription().get("output") instanceof Map<?, ?> outputs) {
			for (Object output : outputs.values()) {
				if (output instanceof Map<?, ?> fields && "audio".equals(fields.get("type"))
						&& fields.get("format") instanceof String format) {
					return format;
				}
			}
		}
		return null;
	}

	private static TextToSpeechResponse response(AkiResult result, AkiSpeechOptions options) {
		if (result.audio() == null) {
			throw new AkiJobFailedException("The result contains no audio [job " + result.jobId() + "]", null,
					result.jobId());
		}
		List<AkiBinary> binaries = result.binaries();
		// the audio is the last one
		AkiBinary binary = binaries.get(binaries.size() - 1);
		TextToSpeechResponseMetadata metadata = new TextToSpeechResponseMetadata();
		putIfKnown(metadata, "job-id", result.jobId());
		putIfKnown(metadata, "model", (result.get("model_name") instanceof String model) ? model : options.getModel());
		putIfKnown(metadata, "format", binary.format().toLowerCase(Locale.ROOT));
		putIfKnown(metadata, "compute-duration", ChatResponses.duration(result.computeDuration()));
		return new TextToSpeechResponse(List.of(new Speech(binary.data())), metadata);
	}

	private static void putIfKnown(TextToSpeechResponseMetadata metadata, String name, @Nullable Object value) {
		if (value != null) {
			metadata.put(name, value);
		}
	}

	/**
	 * Builder for {@link AkiSpeechModel}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public static final class Builder {

		private final AkiClient client;

		private AkiSpeechOptions options = AkiSpeechOptions.builder().build();

		private Builder(AkiClient client) {
			Assert.notNull(client, "'client' must not be null");
			this.client = client;
		}

		/**
		 * Set the options for prompts without the same options. There are none by
		 * default.
		 * @param options the options
		 * @return this builder
		 */
		public Builder options(AkiSpeechOptions options) {
			Assert.notNull(options, "'options' must not be null");
			this.options = options;
			return this;
		}

		/**
		 * Create the model.
		 * @return the model
		 */
		public AkiSpeechModel build() {
			return new AkiSpeechModel(this);
		}

	}

}
