package io.aki.sample.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.aki.client.AkiClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartFile;

/**
 * Converts a submitted form to the parameters of an endpoint. Each value gets the type
 * that the endpoint declares, such as a number. Empty fields are omitted, so that the
 * defaults of the endpoint apply.
 */
@Component
class ParameterForm {

	private final Endpoints endpoints;

	private final JsonMapper json;

	ParameterForm(Endpoints endpoints, JsonMapper json) {
		this.endpoints = endpoints;
		this.json = json;
	}

	/**
	 * Convert a form.
	 * @param endpoint the endpoint that receives the parameters
	 * @param values the fields
	 * @param files the uploaded files
	 * @return the parameters
	 * @throws IllegalArgumentException if the endpoint does not accept the form, with a
	 * message for the user
	 */
	Map<String, Object> params(String endpoint, Map<String, String> values,
			MultiValueMap<String, MultipartFile> files) {
		EndpointView view = this.endpoints.endpoint(endpoint);
		if (view.error() != null) {
			throw new IllegalArgumentException(endpoint + ": " + view.error());
		}
		Map<String, Object> params = new LinkedHashMap<>();
		values.forEach((name, value) -> {
			if (StringUtils.hasText(value)) {
				params.put(name, value(field(view, name), value.strip()));
			}
		});
		files.toSingleValueMap().forEach((name, file) -> {
			if (!file.isEmpty()) {
				params.put(field(view, name).name(), dataUri(file));
			}
		});
		view.fields().stream().filter(EndpointView.Field::required).forEach((field) -> {
			if (!params.containsKey(field.name())) {
				throw new IllegalArgumentException(field.name() + " must not be empty");
			}
		});
		return params;
	}

	private static EndpointView.Field field(EndpointView view, String name) {
		return view.fields()
			.stream()
			.filter((field) -> field.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(view.name() + " has no parameter '" + name + "'"));
	}

	private Object value(EndpointView.Field field, String value) {
		try {
			return switch (field.declared()) {
				case "integer" -> Long.valueOf(value);
				case "float" -> Double.valueOf(value);
				case "bool", "boolean" -> Boolean.valueOf(value);
				case "chat_context" -> this.json.readValue(value, List.class);
				default -> value;
			};
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(field.name() + " must be a number", ex);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(field.name() + " must be a JSON list of messages", ex);
		}
	}

	private static String dataUri(MultipartFile file) {
		try {
			return AkiClient.encodeBinary(file.getBytes(), format(file.getContentType(), file.getOriginalFilename()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String format(@Nullable String type, @Nullable String name) {
		String subtype = (type != null && type.contains("/")) ? type.substring(type.indexOf('/') + 1) : "";
		String extension = StringUtils.getFilenameExtension(name);
		String format = subtype.matches("[A-Za-z0-9]{1,10}") ? subtype : (extension != null) ? extension : "";
		if (!format.matches("[A-Za-z0-9]{1,10}")) {
			throw new IllegalArgumentException("The file is of no kind that is known here");
		}
		return format.toLowerCase(Locale.ROOT);
	}

}
