package io.aki.sample.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.aki.client.AkiEndpointDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * An endpoint, as a page shows it.
 *
 * @param name the name of the endpoint
 * @param title the title of the endpoint
 * @param workers the number of workers that are online
 * @param freeSlots the number of free places in the queue
 * @param fields the parameters of the endpoint
 * @param error why the details of the endpoint are not available
 */
public record EndpointView(String name, String title, int workers, int freeSlots, List<Field> fields,
		@Nullable String error) {

	static final String UNKNOWN = "There is no such endpoint";

	/** The parameters that the client sets itself. */
	private static final Set<String> CLIENTS_OWN = Set.of("key", "wait_for_result", "client_session_auth_key");

	/**
	 * A parameter as an input field.
	 *
	 * @param name the name of the parameter
	 * @param type {@code text}, {@code number}, {@code select} or {@code file}
	 * @param declared the type that the endpoint declares
	 * @param required whether a value is required
	 * @param hint the placeholder of the empty field
	 * @param options the values to select from
	 * @param min the minimum number
	 * @param max the maximum number
	 * @param step the step between two numbers
	 */
	public record Field(String name, String type, String declared, boolean required, String hint, List<String> options,
			@Nullable Object min, @Nullable Object max, String step) {

	}

	static EndpointView of(String name, AkiEndpointDetails details) {
		if (!details.success()) {
			boolean unknown = details.errorCode() != null && details.errorCode() == HttpStatus.NOT_FOUND.value();
			return new EndpointView(name, "", 0, 0, List.of(),
					unknown ? UNKNOWN : "AKI.IO cannot be reached at the moment.");
		}
		List<Field> fields = new ArrayList<>();
		if (details.parameterDescription().get("input") instanceof Map<?, ?> input) {
			input.forEach((parameter, declaration) -> {
				if (declaration instanceof Map<?, ?> map && !CLIENTS_OWN.contains(String.valueOf(parameter))) {
					fields.add(field(String.valueOf(parameter), map));
				}
			});
		}
		return new EndpointView(name, (details.title() != null) ? details.title() : "",
				(details.numActiveWorkers() != null) ? details.numActiveWorkers() : 0,
				(details.freeQueueSlots() != null) ? details.freeQueueSlots() : 0, List.copyOf(fields), null);
	}

	private static Field field(String name, Map<?, ?> declaration) {
		String declared = String.valueOf(declaration.get("type"));
		List<String> options = (declaration.get("supported") instanceof List<?> list)
				? list.stream().map(String::valueOf).toList()
				: declared.startsWith("bool") ? List.of("true", "false") : List.of();
		String type = !options.isEmpty() ? "select" : switch (declared) {
			case "integer", "float" -> "number";
			case "image", "audio", "image_list", "audio_list", "video" -> "file";
			default -> "text";
		};
		Object initial = declaration.get("default");
		String hint = (initial != null && !initial.toString().isEmpty()) ? "default " + initial
				: declared.equals("chat_context") ? "[{\"role\": \"user\", \"content\": \"Hello\"}]" : "";
		return new Field(name, type, declared, Boolean.TRUE.equals(declaration.get("required")), hint, options,
				declaration.get("minimum"), declaration.get("maximum"), declared.equals("float") ? "any" : "1");
	}

}
