package io.aki.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;

/**
 * The description of an endpoint: its name, its parameters, and its load. Values that the
 * server did not send are {@code null}. Immutable.
 *
 * @since 1.0.0
 */
public final class AkiEndpointDetails extends DefaultAkiResponse {

	private static final Set<String> SENT_BY_CLIENT = Set.of("key", "wait_for_result", "client_session_auth_key");

	AkiEndpointDetails(Map<String, @Nullable Object> body, @Nullable Failure failure) {
		super(body, OutputConversion.NONE, failure);
	}

	@Override
	public AkiEndpointDetails orThrow() {
		throwIfFailed();
		return this;
	}

	/**
	 * Return the endpoint's name.
	 * @return the name, as in {@link AkiClient#forEndpoint(String)}
	 */
	public @Nullable String name() {
		return string("name");
	}

	/**
	 * Return the title.
	 * @return the title
	 */
	public @Nullable String title() {
		return string("title");
	}

	/**
	 * Return the description.
	 * @return the description
	 */
	public @Nullable String description() {
		return string("description");
	}

	/**
	 * Return the category.
	 * @return the category, such as {@code chat}
	 */
	public @Nullable String category() {
		return string("category");
	}

	/**
	 * Return the version.
	 * @return the version, as in the {@code ep_version} of its results
	 */
	public @Nullable Integer version() {
		return integer("version");
	}

	/**
	 * Return how many jobs can wait.
	 * @return the length of the queue
	 */
	public @Nullable Integer maxQueueLength() {
		return integer("max_queue_length");
	}

	/**
	 * Return how many more jobs can wait at the moment.
	 * @return the number of free places
	 */
	public @Nullable Integer freeQueueSlots() {
		return integer("free_queue_slots");
	}

	/**
	 * Return how many workers are online.
	 * @return the number of workers
	 */
	public @Nullable Integer numActiveWorkers() {
		return integer("num_active_workers");
	}

	/**
	 * Return the workers, each under the server's own names ({@code name}, {@code state},
	 * {@code free_slots}, {@code gpu_name}, {@code model}, …).
	 * @return the workers, empty if the server sent none
	 */
	public List<Map<String, @Nullable Object>> workers() {
		List<Map<String, @Nullable Object>> workers = new ArrayList<>();
		if (body().get("workers") instanceof List<?> list) {
			list.forEach((worker) -> {
				if (worker instanceof Map<?, ?> map) {
					workers.add(ApiJson.object(map));
				}
			});
		}
		return Collections.unmodifiableList(workers);
	}

	/**
	 * Return the parameters that a request to this endpoint can have. The endpoint
	 * rejects a request with another parameter with a 400. The list does not contain
	 * {@code key} and {@code wait_for_result}, which the client sends, and
	 * {@code client_session_auth_key}, which replaces a key in a browser.
	 * @return the parameters in the server's order, unmodifiable; empty if the server
	 * sent none
	 * @see AkiParameters
	 */
	public List<AkiParameter> parameters() {
		return AkiParameter.read(parameterDescription().get("input"))
			.stream()
			.filter((parameter) -> !SENT_BY_CLIENT.contains(parameter.name()))
			.toList();
	}

	/**
	 * Return the outputs that the endpoint adds to its results, such as {@code text} or
	 * {@code images}. Read the values with {@link AkiResult#get(String)}.
	 * @return the outputs in the server's order, unmodifiable; empty if the server sent
	 * none
	 */
	public List<AkiParameter> outputs() {
		return AkiParameter.read(parameterDescription().get("output"));
	}

	/**
	 * Return the whole description of the parameters as the server sent it:
	 * {@code input}, {@code output} and {@code progress}, each a map from a parameter's
	 * name to its {@code type}, {@code required}, {@code default}, {@code minimum},
	 * {@code maximum}, {@code supported}, …
	 * @return the description, empty if the server sent none
	 * @see #parameters()
	 * @see #outputs()
	 */
	public Map<String, @Nullable Object> parameterDescription() {
		return (body().get("parameter_description") instanceof Map<?, ?> map) ? ApiJson.object(map) : Map.of();
	}

}
