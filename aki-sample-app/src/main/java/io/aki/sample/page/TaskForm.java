package io.aki.sample.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiBinary;
import io.aki.client.AkiParameter;
import io.aki.sample.task.EndpointCache;
import io.aki.sample.task.NewTask;
import io.aki.sample.web.UploadedFile;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/**
 * Converts a submitted form to a task. Each value gets the type that the endpoint
 * declares, such as a number. Empty fields are omitted, so that the defaults of the
 * endpoint apply.
 */
@Component
class TaskForm {

	static final int TEXT_LENGTH_MAX = 20_000;

	private final EndpointCache endpoints;

	private final JsonMapper json;

	TaskForm(EndpointCache endpoints, JsonMapper json) {
		this.endpoints = endpoints;
		this.json = json;
	}

	/**
	 * Convert a form.
	 * @param endpoint the endpoint that processes the task
	 * @param values the fields: texts, uploaded files, and binaries
	 * @return the task to submit
	 * @throws ResponseStatusException if the endpoint does not accept the form, with the
	 * status 400 and a message for the user
	 */
	// tag::request[]
	AkiTaskRequest request(String endpoint, Map<String, ?> values) {
		EndpointView view = view(endpoint);
		if (view.error() != null) {
			throw refused(endpoint + ": " + view.error());
		}
		Map<String, Object> params = new LinkedHashMap<>();
		values.forEach((name, value) -> {
			if (value instanceof String text && StringUtils.hasText(text)) {
				params.put(name, value(field(view, name), text.replace("\r\n", "\n").strip()));
			}
			else if (value instanceof MultipartFile file && !file.isEmpty()) {
				params.put(name, field(view, name).type().startsWith("audio") ? UploadedFile.audio(file)
						: UploadedFile.image(file));
			}
			else if (value instanceof AkiBinary) {
				params.put(name, value);
			}
		});
		view.details().parameters().stream().filter(AkiParameter::required).forEach((field) -> {
			if (!params.containsKey(field.name())) {
				throw refused(field.name() + " must not be empty");
			}
		});
		return new NewTask(endpoint, params).request();
	}
	// end::request[]

	EndpointView view(String endpoint) {
		return new EndpointView(endpoint, this.endpoints.details(endpoint));
	}

	private static AkiParameter field(EndpointView view, String name) {
		return view.parameter(name).orElseThrow(() -> refused(view.name() + " has no parameter '" + name + "'"));
	}

	private Object value(AkiParameter field, String value) {
		if (value.length() > TEXT_LENGTH_MAX) {
			throw refused(field.name() + " has " + value.length() + " characters; at most " + TEXT_LENGTH_MAX
					+ " are allowed");
		}
		try {
			return switch (field.type()) {
				case "integer" -> Long.valueOf(value);
				case "float" -> Double.valueOf(value);
				case "bool", "boolean" -> Boolean.valueOf(value);
				case "chat_context" -> this.json.readValue(value, List.class);
				default -> value;
			};
		}
		catch (NumberFormatException ex) {
			throw refused(field.name() + " must be a number");
		}
		catch (JacksonException ex) {
			throw refused(field.name() + " must be a JSON list of messages");
		}
	}

	private static ResponseStatusException refused(String message) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, message);
	}

}
