package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Checks the value of a parameter of type {@code chat_context}.
 */
final class ChatContextCheck {

	/**
	 * The types of media that a message can contain.
	 */
	static final List<String> MEDIA = List.of("image", "audio", "video");

	private static final Set<String> ROLES = Set.of("system", "user", "assistant");

	private final String name;

	private final List<?> supportedMedia;

	/**
	 * Create a check.
	 * @param name the name of the parameter
	 * @param definition the definition of the parameter
	 */
	ChatContextCheck(String name, Map<String, @Nullable Object> definition) {
		this.name = name;
		this.supportedMedia = (definition.get("support") instanceof List<?> support) ? support : List.of();
	}

	/**
	 * Check a value.
	 * @param text the value
	 * @return the error message, {@code null} if the value is valid
	 */
	@Nullable String error(String text) {
		if (text.isEmpty()) {
			return null;
		}
		Object context;
		try {
			context = JsonText.read(text);
		}
		catch (JacksonException ex) {
			return invalid(text, "not JSON");
		}
		if (!(context instanceof List<?> messages)) {
			return invalid(context, "not a list of messages");
		}
		for (Object message : messages) {
			String error = messageError(message, messages);
			if (error != null) {
				return error;
			}
		}
		return null;
	}

	private @Nullable String messageError(@Nullable Object message, List<?> context) {
		if (!(message instanceof Map<?, ?> fields)) {
			return invalid(context, "a message is not an object");
		}
		if (!fields.containsKey("role") || !fields.containsKey("content")) {
			return invalid(context, "a message without 'role' or 'content'");
		}
		if (!(fields.get("role") instanceof String role) || !ROLES.contains(role)) {
			return invalid(context, "the role of a message is not 'system', 'user' or 'assistant'");
		}
		if (fields.get("content") instanceof List<?> parts) {
			for (Object part : parts) {
				String error = partError(part, context);
				if (error != null) {
					return error;
				}
			}
		}
		return null;
	}

	private @Nullable String partError(@Nullable Object part, List<?> context) {
		if (!(part instanceof Map<?, ?> typed)) {
			return invalid(context, "a part of a message is not an object");
		}
		if (Stream.concat(Stream.of("text"), MEDIA.stream()).filter(typed::containsKey).count() > 1) {
			return invalid(context, "a part of a message contains more than one of 'text', 'image', 'audio', 'video'");
		}
		for (String media : MEDIA) {
			Object data = typed.get(media);
			if (data != null && !data.equals("")) {
				return mediaError(media, data, context);
			}
		}
		return null;
	}

	private @Nullable String mediaError(String media, Object data, List<?> context) {
		if (!this.supportedMedia.contains(media)) {
			return "Media of type " + media + " is not allowed in input parameter " + this.name;
		}
		if (!(data instanceof String text && isReadable(media, text))) {
			return invalid(context, media.equals("image") ? "not a data URI with a readable image"
					: "not a data URI with data of type " + media);
		}
		return null;
	}

	private static boolean isReadable(String media, String data) {
		return media.equals("image") ? GeneratedImage.isReadable(data)
				: data.startsWith("data:" + media + "/") && data.contains(";base64,");
	}

	private String invalid(@Nullable Object value, String reason) {
		return ArgumentCheck.invalidValue(this.name, value, reason);
	}

}
