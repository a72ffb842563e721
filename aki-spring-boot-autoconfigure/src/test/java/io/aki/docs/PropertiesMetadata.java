package io.aki.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the metadata of the properties, which the compiler generates for editors.
 */
final class PropertiesMetadata {

	private static final String FILE = "META-INF/spring-configuration-metadata.json";

	private static final Pattern PUBLISHED = Pattern
		.compile("/aki-spring-boot-(autoconfigure|test)/target/(classes/|[^/]*\\.jar!)");

	private PropertiesMetadata() {
	}

	/**
	 * Read the metadata of the starter and of the emulator. The properties and the
	 * metadata of the tests are ignored.
	 */
	static JsonNode read() {
		ObjectNode all = JsonMapper.shared().createObjectNode();
		ArrayNode properties = all.putArray("properties");
		ArrayNode hints = all.putArray("hints");
		try {
			for (URL file : Collections.list(PropertiesMetadata.class.getClassLoader().getResources(FILE))) {
				if (PUBLISHED.matcher(file.getPath()).find()) {
					JsonNode metadata = JsonMapper.shared().readTree(file.openStream());
					metadata.get("properties").forEach(properties::add);
					metadata.path("hints").forEach(hints::add);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return all;
	}

	static Set<String> names() {
		return read().get("properties")
			.valueStream()
			.map((property) -> property.get("name").asString())
			.collect(Collectors.toUnmodifiableSet());
	}

}
