package io.aki.sample.chat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.sample.task.EndpointCache;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lists the endpoints that can chat. They come and go, so that the list is read again
 * after a minute.
 */
@RestController
class ChatModels {

	private static final Duration AGE_MAX = Duration.ofMinutes(1);

	private final AkiClient aki;

	private final EndpointCache endpoints;

	private final AtomicBoolean reading = new AtomicBoolean();

	private volatile List<ChatModel> models = List.of();

	private volatile long readAt = System.nanoTime() - AGE_MAX.toNanos();

	ChatModels(AkiClient aki, EndpointCache endpoints) {
		this.aki = aki;
		this.endpoints = endpoints;
	}

	/**
	 * An endpoint that can chat.
	 *
	 * @param name the name of the endpoint
	 * @param title the title of the endpoint
	 * @param workers the number of workers that are online
	 * @param images whether questions can contain images
	 */
	record ChatModel(@JsonProperty("name") String name, @JsonProperty("title") String title,
			@JsonProperty("workers") int workers, @JsonProperty("images") boolean images) {

	}

	/**
	 * Return the endpoints. While they are read, other callers get the previous list.
	 */
	@GetMapping("/api/chat/models")
	List<ChatModel> list() {
		if (System.nanoTime() - this.readAt >= AGE_MAX.toNanos() && this.reading.compareAndSet(false, true)) {
			try {
				this.models = read();
			}
			finally {
				this.readAt = System.nanoTime();
				this.reading.set(false);
			}
		}
		return this.models;
	}

	private List<ChatModel> read() {
		return this.aki.getEndpointList()
			.orThrow()
			.endpoints()
			.parallelStream()
			.map(this::model)
			.filter(Objects::nonNull)
			.toList();
	}

	private @Nullable ChatModel model(String name) {
		AkiEndpointDetails details = this.endpoints.details(name);
		boolean chats = details.parameters().stream().anyMatch((parameter) -> parameter.name().equals("chat_context"));
		return chats ? new ChatModel(name, Objects.requireNonNullElse(details.title(), name),
				Objects.requireNonNullElse(details.numActiveWorkers(), 0), readsImages(details)) : null;
	}

	/**
	 * Return whether the messages of a chat can contain images. Such an endpoint lists
	 * {@code image} in {@code support} of its parameter {@code chat_context}.
	 */
	static boolean readsImages(AkiEndpointDetails details) {
		return details.parameterDescription().get("input") instanceof Map<?, ?> input
				&& input.get("chat_context") instanceof Map<?, ?> context
				&& context.get("support") instanceof List<?> media && media.contains("image");
	}

}
