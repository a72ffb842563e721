package io.aki.spring.boot.tasks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import io.aki.client.AkiBinary;
import io.aki.client.AkiException;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * A result in the form that is stored: the binary values are separate, and references
 * replace them in the JSON.
 *
 * @param json the fields of the result as JSON
 * @param binaries the images and the audio
 */
record StoredResult(String json, List<AkiBinary> binaries) {

	private static final String REFERENCE = "$binary";

	private static final List<String> AUDIO = List.of("audio", "audio_output", "audio_data");

	static StoredResult of(AkiResult result) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>(result.toPublicMap());
		List<AkiBinary> binaries;
		try {
			binaries = result.binaries();
		}
		catch (AkiException ex) {
			// a value that cannot be decoded stays in the JSON as the server sent it
			return new StoredResult(TaskJson.write("result", fields), List.of());
		}
		Counter counter = new Counter();
		fields.computeIfPresent("images", (name, value) -> referTo(value, counter));
		if (result.audio() != null) {
			AUDIO.stream()
				.filter((name) -> fields.get(name) instanceof String)
				.findFirst()
				.ifPresent((name) -> fields.put(name, counter.next()));
		}
		return new StoredResult(TaskJson.write("result", fields), binaries);
	}

	private static @Nullable Object referTo(@Nullable Object value, Counter counter) {
		if (value instanceof List<?> list) {
			List<@Nullable Object> references = new ArrayList<>();
			list.forEach((element) -> references.add((element instanceof String) ? counter.next() : element));
			return references;
		}
		return (value instanceof String) ? counter.next() : value;
	}

	/**
	 * Restore a result.
	 * @param json the stored JSON
	 * @param binaries reads a binary value
	 * @return the result
	 */
	static AkiResult restore(String json, IntFunction<AkiBinary> binaries) {
		Map<String, @Nullable Object> fields = TaskJson.read(json);
		fields.replaceAll((name, value) -> dereference(value, binaries));
		return AkiResult.of(fields);
	}

	/**
	 * Restore a result without its binary values.
	 */
	static AkiResult restoreWithoutBinaries(String json) {
		Map<String, @Nullable Object> fields = TaskJson.read(json);
		fields.values()
			.removeIf((value) -> isReference(value)
					|| (value instanceof List<?> list && list.stream().anyMatch(StoredResult::isReference)));
		return AkiResult.of(fields);
	}

	private static boolean isReference(@Nullable Object value) {
		return value instanceof Map<?, ?> map && map.size() == 1 && map.get(REFERENCE) instanceof Number;
	}

	private static @Nullable Object dereference(@Nullable Object value, IntFunction<AkiBinary> binaries) {
		if (value instanceof Map<?, ?> map && map.size() == 1 && map.get(REFERENCE) instanceof Number index) {
			return binaries.apply(index.intValue()).dataUri();
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> elements = new ArrayList<>();
			list.forEach((element) -> elements.add(dereference(element, binaries)));
			return elements;
		}
		return value;
	}

	private static final class Counter {

		private int count;

		Map<String, Object> next() {
			return Map.of(REFERENCE, this.count++);
		}

	}

}
