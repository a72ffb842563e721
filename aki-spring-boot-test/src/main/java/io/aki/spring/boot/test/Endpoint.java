package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An endpoint of the emulator, created from its description.
 */
final class Endpoint {

	private final Map<String, @Nullable Object> description;

	private final Map<String, @Nullable Object> details;

	private final Map<String, Map<String, @Nullable Object>> inputs = new LinkedHashMap<>();

	Endpoint(Map<String, @Nullable Object> description) {
		this.description = description;
		this.details = section(description, "details");
		collectInputs(section(section(this.details, "parameter_description"), "input"));
		collectInputs(section(description, "also_accepted"));
	}

	private void collectInputs(Map<String, @Nullable Object> declared) {
		declared.keySet().forEach((name) -> this.inputs.put(name, section(declared, name)));
	}

	String name() {
		return text(this.details, "name");
	}

	int version() {
		return number(this.details, "version");
	}

	/**
	 * Return the kind of work of the endpoint.
	 * @return {@code chat}, {@code image}, {@code image_edit} or {@code speech}
	 */
	String workload() {
		return text(this.description, "workload");
	}

	String modelName() {
		return text(this.description, "model_name");
	}

	String workerName() {
		return text(section(this.description, "worker"), "name");
	}

	int defaultSlots() {
		return number(this.description, "slots");
	}

	int defaultQueueLength() {
		return number(this.description, "max_queue_length");
	}

	String imageFormat() {
		return text(this.description, "image_format");
	}

	/**
	 * Return the maximum number of steps for an image.
	 */
	int mostSteps() {
		return number(this.description, "most_steps");
	}

	/**
	 * Return the parameters in the order in which they are checked.
	 * @return the definitions of the parameters by name
	 */
	Map<String, Map<String, @Nullable Object>> inputs() {
		return this.inputs;
	}

	/**
	 * Return the body of the response to a request for the endpoint's details.
	 * @param figures the load of the endpoint
	 * @return the details
	 */
	Map<String, @Nullable Object> describe(PoolStatus figures) {
		Map<String, @Nullable Object> answer = new LinkedHashMap<>(this.details);
		answer.put("max_queue_length", figures.maxQueueLength());
		answer.put("free_queue_slots", figures.freeQueueSlots());
		answer.put("num_active_workers", figures.workersOnline());
		answer.put("num_workers", figures.workersOnline());
		answer.put("workers", (figures.workersOnline() == 0) ? List.of() : List.of(describeWorker(figures)));
		return answer;
	}

	private Map<String, @Nullable Object> describeWorker(PoolStatus figures) {
		Map<String, @Nullable Object> worker = new LinkedHashMap<>(section(this.description, "worker"));
		worker.put("state", (figures.running() > 0) ? "processing" : "waiting");
		worker.put("max_batch_size", figures.slots());
		worker.put("free_slots", figures.slots() - figures.running());
		return worker;
	}

	static Map<String, @Nullable Object> section(Map<String, @Nullable Object> parent, String name) {
		return Objects.requireNonNull(JsonText.asObject(parent.get(name)), name);
	}

	private static String text(Map<String, @Nullable Object> parent, String name) {
		return (String) Objects.requireNonNull(parent.get(name), name);
	}

	private static int number(Map<String, @Nullable Object> parent, String name) {
		return ((Number) Objects.requireNonNull(parent.get(name), name)).intValue();
	}

}
