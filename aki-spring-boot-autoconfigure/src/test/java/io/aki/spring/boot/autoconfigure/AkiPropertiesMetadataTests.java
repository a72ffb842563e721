package io.aki.spring.boot.autoconfigure;

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the metadata of {@link AkiProperties}, which editors show, is complete and
 * correct.
 */
class AkiPropertiesMetadataTests {

	private final JsonNode metadata = read();

	private final Map<String, Property> declared = new TreeMap<>();

	AkiPropertiesMetadataTests() throws ReflectiveOperationException {
		collect("aki.io", new AkiProperties());
	}

	@Test
	void namesAreThoseOfTheProperties() {
		assertThat(properties()).extracting((property) -> property.get("name").asString())
			.containsExactlyInAnyOrderElementsOf(this.declared.keySet());
	}

	@Test
	void everyPropertyIsDescribed() {
		assertThat(properties()).isNotEmpty()
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(property.toString())
				.matches("(?s)[A-Z].{10,}\\."));
	}

	@Test
	void everyDefaultIsTheRealOne() {
		assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
			Property real = this.declared.get(property.get("name").asString());
			assertThat(real).isNotNull();
			JsonNode told = property.get("defaultValue");
			Object value = (told != null)
					? ApplicationConversionService.getSharedInstance().convert(told.asString(), real.type()) : null;
			assertThat(value).as(property.toString()).isEqualTo(real.value());
		});
	}

	@Test
	void everyTypeIsTheRealOne() {
		assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
			Property real = this.declared.get(property.get("name").asString());
			assertThat(property.get("type").asString().replace('$', '.').replaceAll("<.*>", ""))
				.isEqualTo(ClassUtils.resolvePrimitiveIfNecessary(real.type()).getCanonicalName());
		});
	}

	@Test
	void everyEnumerationHasItsValuesAsHints() {
		Map<String, List<String>> hints = new LinkedHashMap<>();
		this.metadata.get("hints")
			.forEach((hint) -> hints.put(hint.get("name").asString().replaceAll("\\.keys$", ""),
					hint.path("values").valueStream().map((value) -> value.get("value").asString()).toList()));
		assertThat(this.declared).containsKeys(hints.keySet().toArray(String[]::new));
		Map<String, List<String>> enumerations = new LinkedHashMap<>();
		this.declared.forEach((name, property) -> {
			if (property.type().isEnum()) {
				enumerations.put(name,
						Stream.of(property.type().getEnumConstants())
							.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
							.toList());
			}
		});
		assertThat(enumerations).isNotEmpty();
		assertThat(hints).containsAllEntriesOf(enumerations);
	}

	@Test
	void everyHintIsDescribed() {
		assertThat(this.metadata.get("hints")).isNotEmpty()
			.allSatisfy((hint) -> assertThat(hint.get("values"))
				.allSatisfy((value) -> assertThat(value.path("description").asString("")).isNotEmpty()));
	}

	/**
	 * Return only the properties of the client. The properties of the actuator are not
	 * part of {@link AkiProperties}.
	 */
	private List<JsonNode> properties() {
		return this.metadata.get("properties")
			.valueStream()
			.filter((property) -> !property.get("name").asString().startsWith("management."))
			.toList();
	}

	private void collect(String prefix, Object properties) throws ReflectiveOperationException {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(properties.getClass())) {
			String name = prefix + "." + property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			if (property.getWriteMethod() != null) {
				this.declared.put(name,
						new Property(property.getPropertyType(), property.getReadMethod().invoke(properties)));
			}
			else if (property.getPropertyType() == Map.class) {
				this.declared.put(name, new Property(Map.class, null));
				Class<?> entries = ResolvableType.forMethodReturnType(property.getReadMethod()).resolveGeneric(1);
				collect(name + ".default", BeanUtils.instantiateClass(entries));
			}
			else if (property.getPropertyType().getEnclosingClass() == AkiProperties.class) {
				collect(name, property.getReadMethod().invoke(properties));
			}
		}
	}

	/**
	 * Read the file next to the class. The tests have other properties, with their own
	 * metadata.
	 */
	private static JsonNode read() {
		try {
			Path classes = Path.of(AkiProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			return JsonMapper.shared()
				.readTree(Files.readString(classes.resolve("META-INF/spring-configuration-metadata.json")));
		}
		catch (IOException | URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Property(Class<?> type, Object value) {

	}

}
