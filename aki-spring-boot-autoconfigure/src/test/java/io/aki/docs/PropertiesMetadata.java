package io.aki.docs;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

import io.aki.spring.boot.autoconfigure.AkiProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the compiler wrote of the properties, for editors.
 */
final class PropertiesMetadata {

	private PropertiesMetadata() {
	}

	/**
	 * Reads the file beside the class: the tests have properties, and metadata, of their
	 * own.
	 */
	static JsonNode read() {
		try {
			Path classes = Path.of(AkiProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			return JsonMapper.shared()
				.readTree(Repository.read(classes.resolve("META-INF/spring-configuration-metadata.json")));
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Set<String> names() {
		return read().get("properties")
			.valueStream()
			.map((property) -> property.get("name").asString())
			.collect(Collectors.toUnmodifiableSet());
	}

}
