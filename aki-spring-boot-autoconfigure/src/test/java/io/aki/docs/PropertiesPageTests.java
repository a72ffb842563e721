package io.aki.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the reference of the properties matches the metadata. To update the
 * reference:
 * {@code mvn test -pl aki-spring-boot-autoconfigure -Dtest=PropertiesPageTests -Dupdate-docs=true}
 */
class PropertiesPageTests {

	private static final String BEGIN = "<!-- table: written by PropertiesPageTests -->\n";

	private static final String END = "<!-- end of the table -->";

	private static final Map<String, String> TYPES = Map.of("java.lang.Boolean", "boolean", "java.lang.Integer",
			"number", "java.lang.Double", "number", "java.lang.String", "text", "java.time.Duration", "duration",
			"org.springframework.util.unit.DataSize", "size", "org.springframework.boot.actuate.endpoint.Access",
			"`none`, `read-only`, `unrestricted`");

	private final JsonNode metadata = PropertiesMetadata.read();

	@Test
	void pageShowsTheMetadata() {
		MarkdownPage page = MarkdownPage.read(Repository.ROOT.resolve("docs/properties.md"));
		assertThat(page.text()).contains(BEGIN, END);
		int begin = page.text().indexOf(BEGIN) + BEGIN.length();
		int end = page.text().indexOf(END);
		if (Boolean.getBoolean("update-docs")) {
			page.write(page.text().substring(0, begin) + tables() + page.text().substring(end));
			return;
		}
		assertThat(page.text().substring(begin, end))
			.as("the tables in %s; to write them anew, run this test with -Dupdate-docs=true", page.name())
			.isEqualTo(tables());
	}

	private String tables() {
		Map<String, List<String>> groups = new TreeMap<>();
		this.metadata.get("properties").forEach((property) -> {
			String name = property.get("name").asString();
			groups.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), (group) -> new ArrayList<>())
				.add("| `%s` | %s | %s | %s |".formatted(name, type(property), defaultValue(property),
						description(property)));
		});
		StringBuilder tables = new StringBuilder();
		groups.forEach((group, rows) -> tables.append("\n## `%s`\n\n| property | type | default | |\n".formatted(group))
			.append("|---|---|---|---|\n")
			.append(rows.stream().sorted().collect(Collectors.joining("\n", "", "\n"))));
		return tables.append("\n").toString();
	}

	private String type(JsonNode property) {
		String type = property.get("type").asString();
		if (TYPES.containsKey(type)) {
			return TYPES.get(type);
		}
		if (type.startsWith("java.util.Map<")) {
			return "map";
		}
		Map<String, String> hints = hints(property.get("name").asString());
		assertThat(hints).as("hints for %s, whose type is %s", property.get("name"), type).isNotEmpty();
		return hints.keySet().stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
	}

	private static String defaultValue(JsonNode property) {
		JsonNode value = property.get("defaultValue");
		return (value != null) ? "`%s`".formatted(value.asString()) : "";
	}

	private String description(JsonNode property) {
		String description = property.path("description").asString("").replaceAll("\\s+", " ").replace("|", "\\|");
		String hints = hints(property.get("name").asString()).entrySet()
			.stream()
			.map((hint) -> "`%s`: %s".formatted(hint.getKey(), hint.getValue()))
			.collect(Collectors.joining(" "));
		return (description + " " + hints).strip();
	}

	private Map<String, String> hints(String property) {
		Map<String, String> values = new LinkedHashMap<>();
		this.metadata.path("hints").forEach((hint) -> {
			if (hint.get("name").asString().equals(property)) {
				hint.path("values")
					.forEach((value) -> values.put(value.get("value").asString(),
							value.path("description").asString("")));
			}
		});
		return values;
	}

}
