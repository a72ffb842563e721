package io.aki.client;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observation of a request and the keys of its values. Those that begin with
 * {@code gen_ai} or {@code server}, and {@code error.type}, are OpenTelemetry's
 * conventions for generative AI.
 *
 * @since 1.0.0
 */
public enum AkiObservationDocumentation implements ObservationDocumentation {

	/** One request: a job from the call to its end. */
	REQUEST {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultAkiObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

	};

	/**
	 * Keys with few values: tags of meters, and attributes of spans.
	 *
	 * @since 1.0.0
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/** Always {@code aki.io}. */
		PROVIDER("gen_ai.provider.name"),

		/**
		 * {@code chat}, {@code text_completion} or {@code generate_content}, as the
		 * request's parameters tell.
		 */
		OPERATION("gen_ai.operation.name"),

		/** The endpoint's name. */
		REQUEST_MODEL("gen_ai.request.model"),

		/** The model that the result names, {@code none} where it names none. */
		RESPONSE_MODEL("gen_ai.response.model"),

		/** {@code wait}, {@code poll} or {@code resume}. */
		MODE("aki.request.mode"),

		/** How the job ended, {@code unknown} where there was none or nobody knows. */
		JOB_STATE("aki.job.state"),

		/** {@code success}, {@code canceled} or {@code error}; {@code unknown} before. */
		OUTCOME("outcome"),

		/** The exception's simple class name, {@code none} where there was none. */
		ERROR_TYPE("error.type");

		private final String key;

		LowCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Keys with any number of values: attributes of spans alone.
	 *
	 * @since 1.0.0
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/** The server's host name. */
		SERVER_ADDRESS("server.address"),

		/** The server's port. */
		SERVER_PORT("server.port"),

		/** The job's id. */
		JOB_ID("aki.job.id"),

		/** The HTTP status of a failure. */
		STATUS("http.response.status_code"),

		/** How many tokens the request has. */
		INPUT_TOKENS("gen_ai.usage.input_tokens"),

		/** How many tokens the model has generated. */
		OUTPUT_TOKENS("gen_ai.usage.output_tokens"),

		/** Seconds that the job waited for a worker. */
		QUEUE_TIME("aki.job.queue_time"),

		/** Seconds that the worker computed. */
		COMPUTE_TIME("aki.job.compute_time"),

		/** The request's parameters, where that is switched on. */
		PROMPT("aki.request.prompt"),

		/** The text of the result, where that is switched on. */
		COMPLETION("aki.response.completion");

		private final String key;

		HighCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
