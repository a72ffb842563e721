package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * An additional endpoint of the {@link AkiEmulator}. It is like one of the endpoints that
 * every emulator has, with another name. A chat can also accept tools and media.
 * <pre>{@code
 * AkiEmulator emulator = AkiEmulator.builder()
 *     .endpoint(AkiEmulatorEndpoint.chat("tool_chat").tools().media("image"))
 *     .endpoint(AkiEmulatorEndpoint.image("my_image"))
 *     .build();
 * }</pre>
 * <p>
 * In a Spring test, use an {@link AkiEmulatorCustomizer} bean. A name consists of
 * letters, digits, {@code _} and {@code -}.
 * <p>
 * An endpoint is immutable. Each method returns a new endpoint.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorEndpoint {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

	private static final String CHAT = "llama3_8b_chat";

	private final String name;

	private final String model;

	private final boolean tools;

	private final List<String> media;

	private AkiEmulatorEndpoint(String name, String model, boolean tools, List<String> media) {
		this.name = name;
		this.model = model;
		this.tools = tools;
		this.media = media;
	}

	/**
	 * Create an endpoint like {@code llama3_8b_chat}.
	 * @param name the name of the endpoint
	 * @return the endpoint, without tools and media
	 * @throws IllegalArgumentException if the name contains other characters
	 */
	public static AkiEmulatorEndpoint chat(String name) {
		return like(CHAT, name);
	}

	/**
	 * Create an endpoint like {@code z_image_turbo}.
	 * @param name the name of the endpoint
	 * @return the endpoint
	 * @throws IllegalArgumentException if the name contains other characters
	 */
	public static AkiEmulatorEndpoint image(String name) {
		return like("z_image_turbo", name);
	}

	/**
	 * Create an endpoint like {@code qwen_image_edit}.
	 * @param name the name of the endpoint
	 * @return the endpoint
	 * @throws IllegalArgumentException if the name contains other characters
	 */
	public static AkiEmulatorEndpoint imageEdit(String name) {
		return like("qwen_image_edit", name);
	}

	/**
	 * Create an endpoint like {@code xttsv2}.
	 * @param name the name of the endpoint
	 * @return the endpoint
	 * @throws IllegalArgumentException if the name contains other characters
	 */
	public static AkiEmulatorEndpoint speech(String name) {
		return like("xttsv2", name);
	}

	private static AkiEmulatorEndpoint like(String model, String name) {
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException(
					"The name of an endpoint must consist of letters, digits, '_' and '-': '" + name + "'");
		}
		return new AkiEmulatorEndpoint(name, model, false, List.of());
	}

	/**
	 * Let the chat accept tools. The endpoint declares the input parameter {@code tools}
	 * (type {@code json}), which is a JSON text with a list of tools. A tool has the form
	 * <code>{"type": "function", "function": {"name": …, "description": …, "parameters":
	 * …}}</code> or <code>{"name": …, "description": …, "parameters": …}</code>, where
	 * {@code parameters} is a JSON schema. The endpoint also declares the output
	 * {@code tool_calls} and the input parameter {@code chat_output_format}.
	 * @return the endpoint
	 * @throws IllegalStateException if the endpoint is not a chat
	 * @see AkiEmulatorReply#toolCalls(List)
	 */
	public AkiEmulatorEndpoint tools() {
		requireChat("tools");
		return new AkiEmulatorEndpoint(this.name, this.model, true, this.media);
	}

	/**
	 * Let the messages in {@code chat_context} contain media. In the description of the
	 * endpoint, {@code support} lists the types. An image must be a data URI of an image
	 * that Java can read. Of audio and video, only the beginning of the data URI is
	 * checked.
	 * @param types {@code image}, {@code audio} or {@code video}, at least one; they
	 * replace the types of this endpoint
	 * @return the endpoint
	 * @throws IllegalStateException if the endpoint is not a chat
	 * @throws IllegalArgumentException if there is no type or another type
	 */
	public AkiEmulatorEndpoint media(String... types) {
		requireChat("media");
		List<String> media = List.of(types);
		if (media.isEmpty() || !ChatContextCheck.MEDIA.containsAll(media)) {
			throw new IllegalArgumentException(
					"The media of a chat must be of " + ChatContextCheck.MEDIA + ": " + media);
		}
		return new AkiEmulatorEndpoint(this.name, this.model, this.tools, media);
	}

	@Override
	public String toString() {
		return "AkiEmulatorEndpoint[" + this.name + " like " + this.model + "]";
	}

	private void requireChat(String what) {
		if (!this.model.equals(CHAT)) {
			throw new IllegalStateException(
					"Only a chat can accept " + what + ", but the endpoint '" + this.name + "' is like " + this.model);
		}
	}

	Endpoint toEndpoint() {
		Map<String, @Nullable Object> description = EndpointCatalog.description(this.model);
		Map<String, @Nullable Object> details = Endpoint.section(description, "details");
		Map<String, @Nullable Object> parameters = Endpoint.section(details, "parameter_description");
		Map<String, @Nullable Object> inputs = Endpoint.section(parameters, "input");
		details.put("name", this.name);
		if (this.tools) {
			inputs.put("tools", Map.of("type", "json"));
			inputs.putAll(Endpoint.section(description, "also_accepted"));
			Endpoint.section(parameters, "output").put("tool_calls", Map.of("type", "string"));
		}
		if (!this.media.isEmpty()) {
			Endpoint.section(inputs, "chat_context").put("support", this.media);
		}
		return new Endpoint(description);
	}

}
