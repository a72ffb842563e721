package io.aki.client;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * Documents the observation of a request and its key values. The keys that start with
 * {@code gen_ai} or {@code server}, and {@code error.type}, follow OpenTelemetry's
 * conventions for generative AI.
 *
 * @since 1.0.0
 */
public enum AkiObservationDocumentation implements ObservationDocumentation {

	/** A request, from the call until the end of its job. */
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
	 * Keys with few different values. They become tags of meters and attributes of spans.
	 *
	 * @since 1.0.0
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/** Always {@code aki.io}. */
		PROVIDER("gen_ai.provider.name"),

		/**
		 * {@code chat}, {@code text_completion} or {@code generate_content}, derived from
		 * the request's parameters.
		 */
		OPERATION("gen_ai.operation.name"),

		/** The endpoint's name. */
		REQUEST_MODEL("gen_ai.request.model"),

		/** The model that the result names, {@code none} if it names none. */
		RESPONSE_MODEL("gen_ai.response.model"),

		/** {@code wait}, {@code poll} or {@code resume}. */
		MODE("aki.request.mode"),

		/**
		 * The final state of the job, {@code unknown} if there was no job or its state is
		 * unknown.
		 */
		JOB_STATE("aki.job.state"),

		/**
		 * {@code success}, {@code canceled} or {@code error}; {@code unknown} until the
		 * request has ended.
		 */
		OUTCOME("outcome"),

		/** The simple class name of the exception, {@code none} if there was none. */
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
	 * Keys with any number of different values. They become attributes of spans only.
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

		/** The number of tokens of the request. */
		INPUT_TOKENS("gen_ai.usage.input_tokens"),

		/** The number of tokens that the model has generated. */
		OUTPUT_TOKENS("gen_ai.usage.output_tokens"),

		/** The time that the job waited for a worker, in seconds. */
		QUEUE_TIME("aki.job.queue_time"),

		/** The time that the worker computed, in seconds. */
		COMPUTE_TIME("aki.job.compute_time"),

		/** The request's parameters, if enabled. */
		PROMPT("aki.request.prompt"),

		/** The text of the result, if enabled. */
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
