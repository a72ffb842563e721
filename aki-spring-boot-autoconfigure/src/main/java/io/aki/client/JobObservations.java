package io.aki.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import io.aki.client.AkiRequestObservationContext.Mode;
import io.aki.client.json.ApiJson;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Starts the observations of a client's requests.
 *
 * @param registry the registry
 * @param convention the convention, {@code null} for the default one or the one of the
 * registry
 */
record JobObservations(ObservationRegistry registry, @Nullable AkiObservationConvention convention) {

	static final JobObservations NONE = new JobObservations(ObservationRegistry.NOOP, null);

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final AkiObservationConvention DEFAULT = new DefaultAkiObservationConvention();

	private static final int MAX_PROMPT = 10_000;

	private static final Pattern BINARY = Pattern.compile("(;base64,)[A-Za-z0-9+/=\\\\]{64,}+");

	/**
	 * Start the observation of a request. Its parent is the current observation of the
	 * calling thread. An exception is logged and not thrown, because the request must not
	 * fail because of it.
	 */
	JobObservation start(String apiServer, String endpoint, Mode mode, Map<String, @Nullable Object> params,
			@Nullable String jobId, ApiKeys keys) {
		if (this.registry.isNoop()) {
			return JobObservation.NONE;
		}
		try {
			boolean needsPrompt = this.convention != null && this.convention.needsPrompt();
			Observation observation = Observation.createNotStarted(
					this.convention, DEFAULT, () -> new AkiRequestObservationContext(apiServer, endpoint, mode,
							params.keySet(), (needsPrompt && mode != Mode.RESUME) ? prompt(params, keys) : null, jobId),
					this.registry);
			return (observation.getContext() instanceof AkiRequestObservationContext context)
					? new JobObservation(this.registry, observation.start(), context, needsPrompt)
					: JobObservation.NONE;
		}
		catch (Throwable ex) {
			logger.warn("A request to " + endpoint + " could not be observed", ex);
			return JobObservation.NONE;
		}
	}

	private static String prompt(Map<String, @Nullable Object> params, ApiKeys keys) {
		Map<String, @Nullable Object> shown = new LinkedHashMap<>(params);
		shown.remove("key");
		String json = BINARY.matcher(ApiJson.writeString(shown)).replaceAll("$1…");
		json = new KeyMask(keys.find()).mask(json);
		return (json.length() > MAX_PROMPT) ? json.substring(0, MAX_PROMPT) + "…" : json;
	}

}
