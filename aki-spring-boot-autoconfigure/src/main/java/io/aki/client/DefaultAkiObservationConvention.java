package io.aki.client;

import java.net.URI;
import java.util.Locale;

import io.aki.client.AkiObservationDocumentation.HighCardinalityKeyNames;
import io.aki.client.AkiObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import org.jspecify.annotations.Nullable;

/**
 * Default {@link AkiObservationConvention}. {@link AkiObservationDocumentation} lists its
 * names and key values. Immutable.
 *
 * @since 1.0.0
 */
public class DefaultAkiObservationConvention implements AkiObservationConvention {

	static final String PROVIDER = "aki.io";

	private static final String NAME = "aki.client.request";

	private static final String NONE = "none";

	private static final int MAX_TEXT = 10_000;

	private final boolean includePrompt;

	private final boolean includeCompletion;

	/**
	 * Create a convention that contains neither prompts nor answers.
	 */
	public DefaultAkiObservationConvention() {
		this(false, false);
	}

	/**
	 * Create a convention.
	 * @param includePrompt whether the high-cardinality values contain the request's
	 * parameters, and the observation's error contains the server's error texts
	 * @param includeCompletion whether the high-cardinality values contain the result's
	 * text, up to 10,000 characters
	 */
	public DefaultAkiObservationConvention(boolean includePrompt, boolean includeCompletion) {
		this.includePrompt = includePrompt;
		this.includeCompletion = includeCompletion;
	}

	@Override
	public boolean needsPrompt() {
		return this.includePrompt;
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(AkiRequestObservationContext context) {
		return operation(context) + " " + context.getEndpoint();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(AkiRequestObservationContext context) {
		AkiResult result = context.getResult();
		return KeyValues.of(LowCardinalityKeyNames.PROVIDER.withValue(PROVIDER),
				LowCardinalityKeyNames.OPERATION.withValue(operation(context)),
				LowCardinalityKeyNames.REQUEST_MODEL.withValue(context.getEndpoint()),
				LowCardinalityKeyNames.RESPONSE_MODEL.withValue(model(result)),
				LowCardinalityKeyNames.MODE.withValue(context.getMode().name().toLowerCase(Locale.ROOT)),
				LowCardinalityKeyNames.JOB_STATE
					.withValue(((result != null) ? result.jobState() : AkiJobState.UNKNOWN).value()),
				LowCardinalityKeyNames.OUTCOME.withValue(outcome(context)),
				LowCardinalityKeyNames.ERROR_TYPE.withValue(errorType(context.getError())));
	}

	private static String operation(AkiRequestObservationContext context) {
		if (context.getParameterNames().contains("chat_context")) {
			return "chat";
		}
		return (context.getParameterNames().contains("prompt_input")
				|| context.getParameterNames().contains("text_context")) ? "text_completion" : "generate_content";
	}

	private static String model(@Nullable AkiResult result) {
		return (result != null && result.get("model_name") instanceof String model && !model.isBlank()) ? model : NONE;
	}

	private static String outcome(AkiRequestObservationContext context) {
		if (context.getError() != null) {
			return "error";
		}
		if (context.isCanceled()) {
			return "canceled";
		}
		return (context.getResult() != null) ? "success" : "unknown";
	}

	private static String errorType(@Nullable Throwable error) {
		if (error == null) {
			return NONE;
		}
		String name = error.getClass().getSimpleName();
		return name.isEmpty() ? error.getClass().getName() : name;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(AkiRequestObservationContext context) {
		URI server = URI.create(context.getApiServer());
		KeyValues values = with(KeyValues.empty(), HighCardinalityKeyNames.SERVER_ADDRESS, server.getHost());
		values = with(values, HighCardinalityKeyNames.SERVER_PORT, port(server));
		values = with(values, HighCardinalityKeyNames.JOB_ID, context.getJobId());
		if (this.includePrompt) {
			values = with(values, HighCardinalityKeyNames.PROMPT, context.getPrompt());
		}
		AkiResult result = context.getResult();
		if (result == null) {
			return values;
		}
		AkiUsage usage = AkiUsage.of(result);
		values = with(values, HighCardinalityKeyNames.STATUS, result.errorCode());
		values = with(values, HighCardinalityKeyNames.INPUT_TOKENS, usage.inputTokens());
		values = with(values, HighCardinalityKeyNames.OUTPUT_TOKENS, usage.outputTokens());
		values = with(values, HighCardinalityKeyNames.QUEUE_TIME, usage.queueSeconds());
		values = with(values, HighCardinalityKeyNames.COMPUTE_TIME, usage.computeSeconds());
		String text = this.includeCompletion ? result.text() : null;
		return with(values, HighCardinalityKeyNames.COMPLETION,
				(text != null && text.length() > MAX_TEXT) ? text.substring(0, MAX_TEXT) + "…" : text);
	}

	private static int port(URI server) {
		return (server.getPort() >= 0) ? server.getPort() : ("https".equals(server.getScheme()) ? 443 : 80);
	}

	private static KeyValues with(KeyValues values, KeyName key, @Nullable Object value) {
		return (value != null) ? values.and(KeyValue.of(key, value.toString())) : values;
	}

}
