package io.aki.sample.page;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiParameter;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * An endpoint, as a page shows it: with an input field for each parameter.
 *
 * @param name the name of the endpoint
 * @param details the details of the endpoint, or the failure
 */
public record EndpointView(String name, AkiEndpointDetails details) {

	boolean isUnknown() {
		return Objects.equals(this.details.errorCode(), HttpStatus.NOT_FOUND.value());
	}

	/**
	 * Return why the details are not available.
	 */
	public @Nullable String error() {
		if (this.details.success()) {
			return null;
		}
		return isUnknown() ? "There is no such endpoint" : "AKI.IO cannot be reached at the moment.";
	}

	public int workers() {
		return Objects.requireNonNullElse(this.details.numActiveWorkers(), 0);
	}

	public int freeSlots() {
		return Objects.requireNonNullElse(this.details.freeQueueSlots(), 0);
	}

	Optional<AkiParameter> parameter(String name) {
		return this.details.parameters().stream().filter((parameter) -> parameter.name().equals(name)).findFirst();
	}

	/**
	 * Return the kind of the input field: {@code select}, {@code number}, {@code file} or
	 * {@code text}.
	 */
	public String input(AkiParameter parameter) {
		return !options(parameter).isEmpty() ? "select" : switch (parameter.type()) {
			case "integer", "float" -> "number";
			case "image", "audio", "image_list", "audio_list", "video" -> "file";
			default -> "text";
		};
	}

	public List<?> options(AkiParameter parameter) {
		return parameter.type().startsWith("bool") ? List.of(true, false) : parameter.options();
	}

	/**
	 * Return the placeholder of the empty field.
	 */
	public String hint(AkiParameter parameter) {
		String initial = Objects.toString(parameter.defaultValue(), "");
		return !initial.isEmpty() ? "default " + initial
				: parameter.type().equals("chat_context") ? "[{\"role\": \"user\", \"content\": \"Hello\"}]" : "";
	}

}
