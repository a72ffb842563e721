package io.aki.spring.boot.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the emulator. Immutable.
 */
final class EndpointCatalog {

	private static final List<String> NAMES = List.of("xttsv2", "z_image_turbo", "llama3_8b_chat", "qwen_image",
			"qwen_image_edit");

	private final Map<String, Endpoint> endpoints;

	private EndpointCatalog(Map<String, Endpoint> endpoints) {
		this.endpoints = Collections.unmodifiableMap(endpoints);
	}

	/**
	 * Return the endpoints that every emulator has.
	 */
	static EndpointCatalog load() {
		Map<String, Endpoint> endpoints = new LinkedHashMap<>();
		NAMES.forEach((name) -> endpoints.put(name, new Endpoint(description(name))));
		return new EndpointCatalog(endpoints);
	}

	/**
	 * Read a description file.
	 * @param name the name of an endpoint that every emulator has
	 * @return the description, which can be modified
	 */
	static Map<String, @Nullable Object> description(String name) {
		String resource = "endpoints/" + name + ".json";
		try (InputStream source = Objects.requireNonNull(EndpointCatalog.class.getResourceAsStream(resource),
				resource)) {
			return JsonText.object(source);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return these endpoints and another one.
	 */
	EndpointCatalog with(Endpoint endpoint) {
		Map<String, Endpoint> more = new LinkedHashMap<>(this.endpoints);
		more.put(endpoint.name(), endpoint);
		return new EndpointCatalog(more);
	}

	List<String> names() {
		return List.copyOf(this.endpoints.keySet());
	}

	Collection<Endpoint> endpoints() {
		return this.endpoints.values();
	}

	@Nullable Endpoint find(String name) {
		return this.endpoints.get(name);
	}

}
