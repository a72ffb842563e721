package io.aki.spring.ai;

import java.util.List;
import java.util.Objects;

import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.client.AkiJob;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.client.AkiTaskRejectedException;
import io.aki.spring.web.AkiReactive;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The chat endpoints of AKI.IO as a {@link ChatModel}. Thread-safe. <pre class="code">
 * ChatModel model = AkiChatModel.builder(client)
 *     .options(AkiChatOptions.builder().model("llama3_8b_chat").build())
 *     .build();
 * String joke = model.call("Tell me a joke");
 * </pre>
 * <p>
 * <strong>Requests.</strong> Each {@link #call(Prompt)} and each subscription of
 * {@link #stream(Prompt)} starts one job, which costs money, and a second one if the
 * model must correct a tool call. A request is never repeated if the server may have
 * started its job. The model of the options is the name of the endpoint. If a prompt has
 * options, they are used instead of those of this model, except that the endpoint is
 * taken from this model if they name none. All system messages become one message at the
 * start. Media of the user's messages must be data, because the server loads no URLs;
 * media of other messages are not sent.
 * <p>
 * <strong>Responses.</strong> The text is the answer without the model's reasoning. The
 * reasoning is in the metadata of the message and of the generation under
 * {@code thinking}. The metadata of the response contains the job's id, the model and the
 * usage, and under {@code endpoint}, {@code queue-duration}, {@code compute-duration} and
 * {@code total-duration} the endpoint and the {@link java.time.Duration durations} that
 * the server reports. The finish reason is {@code stop}, {@code length} or
 * {@code tool_calls}.
 * <p>
 * <strong>Tools.</strong> An endpoint that declares the parameter {@code tools} gets the
 * tools there. Any other endpoint gets them in the system message, and the calls are read
 * from the model's text. Text after a call is not returned. If a call is not valid JSON,
 * or its tool does not exist, the model gets one more request that says so. The calls are
 * executed by the caller, usually by the {@code ToolCallingAdvisor} of a
 * {@code ChatClient}.
 * <p>
 * <strong>Cancel.</strong> The job is canceled on the server if the thread of a call is
 * interrupted, and if the subscription of a stream is canceled, for example by
 * {@code take} or {@code timeout}.
 * <p>
 * <strong>Failures</strong> of a request or a job are an {@link AkiException}, with and
 * without {@code aki.io.raise-exceptions}. The failure for an unknown endpoint contains
 * the nearest names. Misuse is an exception before a request is sent: an
 * {@link IllegalArgumentException} for options and messages that AKI.IO does not support,
 * an {@link IllegalStateException} for a closed client, a missing key or a thread that
 * must not block, and an {@link AkiTaskRejectedException} if the client follows too many
 * jobs.
 *
 * @since 1.0.0
 */
public class AkiChatModel implements ChatModel {

	private static final ChatModelObservationConvention DEFAULT_CONVENTION = new DefaultChatModelObservationConvention();

	static final String PROVIDER = "aki.io";

	private final AkiClient client;

	private final AkiChatOptions options;

	private final ObservationRegistry observationRegistry;

	private final @Nullable ChatModelObservationConvention observationConvention;

	private final EndpointCapabilities capabilities;

	AkiChatModel(Builder builder) {
		this.client = builder.client;
		this.options = StringUtils.hasText(builder.options.getModel()) ? builder.options
				: builder.options.mutate().model(builder.client.endpoint()).build();
		this.observationRegistry = builder.observationRegistry;
		this.observationConvention = builder.observationConvention;
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
	 * Return the options for prompts without options.
	 * @return the options
	 */
	@Override
	public AkiChatOptions getOptions() {
		return this.options;
	}

	/**
	 * Send a conversation and wait for the answer.
	 * @param prompt the conversation
	 * @return the answer, which may be tool calls
	 * @throws AkiException if the request or the job fails
	 * @throws IllegalArgumentException if no endpoint is set, or for an option or a
	 * message that AKI.IO does not support
	 * @throws IllegalStateException if the calling thread is a thread of Reactor that
	 * must not block, or if the client is closed or has no key
	 */
	@Override
	public ChatResponse call(Prompt prompt) {
		assertMayBlock();
		AkiChatOptions resolved = resolve(prompt);
		ChatModelObservationContext context = observationContext(prompt, resolved, false);
		ChatResponse response = observation(context).observe(() -> {
			ChatResponse answer = execute(new ChatResponses(request(prompt, resolved)), false, context);
			context.setResponse(answer);
			return answer;
		});
		return Objects.requireNonNull(response);
	}

	static void assertMayBlock() {
		Assert.state(!Schedulers.isInNonBlockingThread(),
				() -> "This call waits for a result, but the thread '" + Thread.currentThread().getName()
						+ "' must not block. Use stream(…), or subscribeOn(Schedulers.boundedElastic())");
	}

	/**
	 * Execute a request, and a second one if the model must correct its answer.
	 */
	private ChatResponse execute(ChatResponses responses, boolean second, ChatModelObservationContext context) {
		ChatRequest request = responses.request();
		AkiResult result;
		try {
			result = this.client.forEndpoint(request.endpoint()).doApiRequestAwait(request.parameters()).orThrow();
		}
		catch (AkiBadRequestException ex) {
			forgetTools(request);
			throw ex;
		}
		ModelAnswer answer = answer(request, result);
		if (answer.problem() != null && !second) {
			// the tokens are counted also if the second request fails
			context.setResponse(responses.complete(result, answer));
			return execute(responses.next(result, answer, answer.problem()), true, context);
		}
		ModelAnswer last = answer.orOtherwise();
		if (last.problem() != null) {
			throw failure(result, last.problem());
		}
		return responses.complete(result, last);
	}

	private static ModelAnswer answer(ChatRequest request, AkiResult result) {
		return request.tools().isEmpty() ? ModelAnswer.of(result) : ModelAnswer.of(result, request.toolNames());
	}

	private static AkiException failure(AkiResult result, ModelAnswer.Problem problem) {
		return new AkiJobFailedException(
				"The model's tool call cannot be executed. " + problem.description()
						+ " The model repeated it after it had been told so [job " + result.jobId() + "]",
				null, result.jobId());
	}

	/**
	 * An endpoint that rejects a request with tools may no longer declare the parameter.
	 */
	private void forgetTools(ChatRequest request) {
		if (request.toolFormat() != ChatRequest.ToolFormat.TEXT) {
			this.capabilities.forget(request.endpoint());
		}
	}

	/**
	 * Send a conversation and return the answer in pieces. Each subscription starts a
	 * job. The pieces of the text add up to the text of {@link #call(Prompt)}. With
	 * tools, text that may become a tool call is sent when that is decided; an answer
	 * that starts as JSON is sent at its end. The reasoning is in responses with an empty
	 * text, in pieces, under {@code thinking} in the metadata of the message. The last
	 * response has an empty text. It contains the tool calls, the usage, the finish
	 * reason, and the whole reasoning in the metadata of the generation. With
	 * {@link AkiChatOptions#getStreamProgress()} there are also responses with an empty
	 * text whose metadata contains {@code progress} (per cent), {@code queue-position},
	 * {@code estimate} (seconds), each -1 if unknown, and {@code job-state}.
	 * @param prompt the conversation
	 * @return the responses; a failure is an error signal with the exceptions of
	 * {@link #call(Prompt)}
	 */
	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((contextView) -> {
			AkiChatOptions resolved = resolve(prompt);
			ChatModelObservationContext context = observationContext(prompt, resolved, true);
			Observation parent = contextView.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
				.orElse(Observation.NOOP);
			Observation observation = observation(context);
			if (!parent.isNoop()) {
				observation.parentObservation(parent);
			}
			parent.scoped(() -> {
				observation.start();
			});
			// without a registry, the observation of the client is a child of the
			// caller's
			Observation current = observation.isNoop() ? parent : observation;
			Mono<ChatRequest> request = Mono.fromCallable(() -> current.scoped(() -> request(prompt, resolved)));
			if (!tools(resolved).isEmpty()) {
				// the description of the endpoint may be read, and this thread must not
				// block
				request = request.subscribeOn(Schedulers.boundedElastic());
			}
			return request.flatMapMany((first) -> stream(new ChatResponses(first), false, context, current))
				.doOnError(observation::error)
				.doFinally((signal) -> observation.stop())
				.contextWrite((view) -> observation.isNoop() ? view
						: view.put(ObservationThreadLocalAccessor.KEY, observation));
		});
	}

	private Flux<ChatResponse> stream(ChatResponses responses, boolean second, ChatModelObservationContext context,
			Observation current) {
		ChatRequest request = responses.request();
		AkiParameters.Chat parameters = request.parameters();
		AkiJob job = Objects.requireNonNull(
				current.scoped(() -> this.client.forEndpoint(request.endpoint()).doApiRequestAsync(parameters)));
		ChatStream stream = new ChatStream(responses);
		// without a prefetch of 1, progress that is replaced by newer progress is
		// buffered
		return AkiReactive.progress(job)
			.concatMapIterable(stream::on, 1)
			.concatWith(AkiReactive.result(job).flatMapMany((result) -> {
				ModelAnswer answer = answer(request, result);
				if (answer.problem() != null && !second) {
					// the tokens are counted also if the second request fails
					context.setResponse(responses.complete(result, answer));
					ChatResponses next = responses.next(result, answer, answer.problem());
					return Flux.fromIterable(stream.rest(result, answer))
						.concatWith(Flux.defer(() -> stream(next, true, context, current)));
				}
				ModelAnswer last = answer.orOtherwise();
				Flux<ChatResponse> rest = Flux.fromIterable(stream.rest(result, last));
				if (last.problem() != null) {
					return rest.concatWith(Flux.error(failure(result, last.problem())));
				}
				context.setResponse(responses.complete(result, last));
				return rest.concatWithValues(responses.end(result, last));
			}))
			.doOnError(AkiBadRequestException.class, (ex) -> forgetTools(request));
	}

	/**
	 * Return the options that apply to a prompt.
	 */
	private AkiChatOptions resolve(Prompt prompt) {
		Assert.notNull(prompt, "'prompt' must not be null");
		AkiChatOptions resolved = (prompt.getOptions() != null) ? AkiChatOptions.of(prompt.getOptions()) : this.options;
		if (!StringUtils.hasText(resolved.getModel())) {
			Assert.isTrue(StringUtils.hasText(this.options.getModel()),
					"No endpoint is set. Set 'spring.ai.aki.chat.model', 'aki.io.endpoint' or the model of the options "
							+ "to the name of a chat endpoint. AkiClient.getEndpointList() returns the names");
			resolved = resolved.mutate().model(this.options.getModel()).build();
		}
		ToolCallingChatOptions.validateToolCallbacks(resolved.getToolCallbacks());
		return resolved;
	}

	private static List<ToolDefinition> tools(AkiChatOptions options) {
		List<ToolCallback> callbacks = options.getToolCallbacks();
		return (callbacks != null) ? callbacks.stream().map(ToolCallback::getToolDefinition).toList() : List.of();
	}

	/**
	 * Return the request for a prompt. The description of the endpoint is read if it is
	 * necessary.
	 */
	private ChatRequest request(Prompt prompt, AkiChatOptions resolved) {
		String endpoint = Objects.requireNonNull(resolved.getModel());
		List<ToolDefinition> tools = tools(resolved);
		ChatRequest.ToolFormat format = tools.isEmpty() ? ChatRequest.ToolFormat.TEXT
				: ChatRequest.ToolFormat.of(endpoint, this.capabilities);
		return new ChatRequest(endpoint, prompt.getInstructions(), resolved, tools, format);
	}

	private static ChatModelObservationContext observationContext(Prompt prompt, AkiChatOptions resolved,
			boolean streaming) {
		return ChatModelObservationContext.builder()
			.prompt(new Prompt(prompt.getInstructions(), resolved))
			.provider(PROVIDER)
			.streaming(streaming)
			.build();
	}

	private Observation observation(ChatModelObservationContext context) {
		return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(this.observationConvention,
				DEFAULT_CONVENTION, () -> context, this.observationRegistry);
	}

	/**
	 * Builder for {@link AkiChatModel}. Not thread-safe.
	 *
	 * @since 1.0.0
	 */
	public static final class Builder {

		private final AkiClient client;

		private AkiChatOptions options = AkiChatOptions.builder().build();

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private @Nullable ChatModelObservationConvention observationConvention;

		private Builder(AkiClient client) {
			Assert.notNull(client, "'client' must not be null");
			this.client = client;
		}

		/**
		 * Set the options for prompts without options. There are none by default.
		 * @param options the options. If they have no model, it is the endpoint of the
		 * client. The model is also used for prompts whose options have no model
		 * @return this builder
		 */
		public Builder options(AkiChatOptions options) {
			Assert.notNull(options, "'options' must not be null");
			this.options = options;
			return this;
		}

		/**
		 * Set the registry for Spring AI's observations. Without it there are none.
		 * @param observationRegistry the registry
		 * @return this builder
		 */
		public Builder observationRegistry(ObservationRegistry observationRegistry) {
			Assert.notNull(observationRegistry, "'observationRegistry' must not be null");
			this.observationRegistry = observationRegistry;
			return this;
		}

		/**
		 * Set the convention for Spring AI's observations.
		 * @param observationConvention the convention; {@code null} for Spring AI's
		 * default
		 * @return this builder
		 */
		public Builder observationConvention(@Nullable ChatModelObservationConvention observationConvention) {
			this.observationConvention = observationConvention;
			return this;
		}

		/**
		 * Create the model.
		 * @return the model
		 */
		public AkiChatModel build() {
			return new AkiChatModel(this);
		}

	}

}
