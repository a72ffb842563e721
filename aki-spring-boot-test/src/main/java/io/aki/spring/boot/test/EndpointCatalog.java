package io.aki.spring.boot.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the emulator, loaded from their description files.
 */
final class EndpointCatalog {

	private static final List<String> NAMES = List.of("xttsv2", "z_image_turbo", "llama3_8b_chat", "qwen_image",
			"qwen_image_edit");

	private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();

	private EndpointCatalog() {
	}

	static EndpointCatalog load() {
		EndpointCatalog catalog = new EndpointCatalog();
		for (String name : NAMES) {
			String resource = "endpoints/" + name + ".json";
			try (InputStream source = Objects.requireNonNull(EndpointCatalog.class.getResourceAsStream(resource),
					resource)) {
				catalog.endpoints.put(name, new Endpoint(JsonText.object(source)));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return catalog;
	}

	List<String> names() {
		return NAMES;
	}

	Collection<Endpoint> endpoints() {
		return this.endpoints.values();
	}

	@Nullable Endpoint find(String name) {
		return this.endpoints.get(name);
	}

}
