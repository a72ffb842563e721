package io.aki.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.aki.client.json.WireJson;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint is, what it takes, and how busy it is. Values that the server did not
 * send are {@code null}.
 */
public final class AkiEndpointDetails extends DefaultAkiResponse {

	AkiEndpointDetails(Map<String, @Nullable Object> wire, @Nullable Failure failure) {
		super(wire, OutputConversion.NONE, failure);
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
	 * Return how many jobs may wait.
	 * @return the length of the queue
	 */
	public @Nullable Integer maxQueueLength() {
		return integer("max_queue_length");
	}

	/**
	 * Return how many more jobs may wait at this moment.
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
	 * @return the workers, empty if none are told
	 */
	public List<Map<String, @Nullable Object>> workers() {
		List<Map<String, @Nullable Object>> workers = new ArrayList<>();
		if (wire().get("workers") instanceof List<?> list) {
			list.forEach((worker) -> {
				if (worker instanceof Map<?, ?> map) {
					workers.add(WireJson.object(map));
				}
			});
		}
		return Collections.unmodifiableList(workers);
	}

	/**
	 * Return the declared parameters: {@code input}, {@code output} and {@code progress},
	 * each a map from a parameter's name to its {@code type}, {@code required},
	 * {@code default}, {@code minimum}, {@code maximum}, …
	 * @return the parameters, empty if none are told
	 */
	public Map<String, @Nullable Object> parameterDescription() {
		return (wire().get("parameter_description") instanceof Map<?, ?> map) ? WireJson.object(map) : Map.of();
	}

}
