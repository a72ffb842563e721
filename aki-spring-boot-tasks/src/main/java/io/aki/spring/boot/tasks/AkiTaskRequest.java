package io.aki.spring.boot.tasks;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A task to submit. Immutable: the methods that set a value return a new request.
 * <pre class="code">
 * AkiTaskRequest.of("z_image_turbo", AkiParameters.image("A lighthouse"))
 *     .owner(principal.getName())
 *     .idempotencyKey(orderNumber);
 * </pre>
 *
 * @param endpoint the endpoint of the job, 1 to 200 characters
 * @param params the parameters of the endpoint; binary values can be {@code AkiBinary} or
 * data URIs
 * @param owner the owner of the task, 1 to 200 characters, or {@code null}. It is the
 * name of the user that a guard of the client sees
 * @param idempotencyKey the key that identifies the request, 1 to 200 characters, or
 * {@code null}. If the owner submits a second request with the same key, no second task
 * is stored
 * @param metadata values for the application, which {@link AkiTask#metadata()} returns;
 * at most 4,000 characters as JSON
 * @since 1.0.0
 */
public record AkiTaskRequest(String endpoint, Map<String, ?> params, @Nullable String owner,
		@Nullable String idempotencyKey, Map<String, String> metadata) {

	static final int TEXT_LENGTH_MAX = 200;

	/**
	 * Create a request.
	 * @param endpoint the endpoint
	 * @param params the parameters
	 * @param owner the owner, or {@code null}
	 * @param idempotencyKey the key, or {@code null}
	 * @param metadata values for the application
	 * @throws IllegalArgumentException if a value is missing, empty or too long
	 */
	public AkiTaskRequest {
		checkText("endpoint", endpoint);
		Assert.notNull(params, "'params' must not be null");
		Assert.notNull(metadata, "'metadata' must not be null");
		if (owner != null) {
			checkText("owner", owner);
		}
		if (idempotencyKey != null) {
			checkText("idempotencyKey", idempotencyKey);
		}
		params = new LinkedHashMap<>(params);
		metadata = Map.copyOf(metadata);
	}

	/**
	 * Create a request.
	 * @param endpoint the endpoint of the job, such as {@code z_image_turbo}
	 * @param params the parameters of the endpoint
	 * @return the request
	 * @throws IllegalArgumentException if the endpoint is empty or too long
	 */
	public static AkiTaskRequest of(String endpoint, Map<String, ?> params) {
		return new AkiTaskRequest(endpoint, params, null, null, Map.of());
	}

	/**
	 * Set the owner of the task. An {@link io.aki.client.AkiRequestGuard AkiRequestGuard}
	 * sees a user with this name when the job is started.
	 * @param owner the owner, 1 to 200 characters, or {@code null} for none
	 * @return a new request
	 */
	public AkiTaskRequest owner(@Nullable String owner) {
		return new AkiTaskRequest(this.endpoint, this.params, owner, this.idempotencyKey, this.metadata);
	}

	/**
	 * Set the idempotency key, such as the number of an order. A request that is repeated
	 * with its key stores no second task.
	 * @param idempotencyKey the key, 1 to 200 characters, or {@code null} for none
	 * @return a new request
	 */
	public AkiTaskRequest idempotencyKey(@Nullable String idempotencyKey) {
		return new AkiTaskRequest(this.endpoint, this.params, this.owner, idempotencyKey, this.metadata);
	}

	/**
	 * Set values for the application, such as a title. They are stored with the task.
	 * @param metadata the values
	 * @return a new request
	 */
	public AkiTaskRequest metadata(Map<String, String> metadata) {
		return new AkiTaskRequest(this.endpoint, this.params, this.owner, this.idempotencyKey, metadata);
	}

	static void checkText(String name, String value) {
		Assert.hasText(value, () -> "'" + name + "' must not be empty");
		Assert.isTrue(value.length() <= TEXT_LENGTH_MAX,
				() -> "'" + name + "' must have at most " + TEXT_LENGTH_MAX + " characters");
		Assert.isTrue(value.indexOf('\0') < 0, () -> "'" + name + "' must not contain the character U+0000");
	}

	/**
	 * Leave out the parameters, which may be large or private.
	 */
	@Override
	public String toString() {
		return "AkiTaskRequest[endpoint=" + this.endpoint + ", owner=" + this.owner + ", idempotencyKey="
				+ this.idempotencyKey + ", params=" + this.params.keySet() + "]";
	}

}
