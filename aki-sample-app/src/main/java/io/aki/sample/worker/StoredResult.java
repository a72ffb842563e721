package io.aki.sample.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * Converts a result to the form that is stored. Links replace the images and sounds, so
 * that these are stored only once.
 */
final class StoredResult {

	private StoredResult() {
	}

	static Map<String, ?> of(String taskId, AkiResult result) {
		Map<String, @Nullable Object> stored = new LinkedHashMap<>(result.toPublicMap());
		List.of("images", "audio", "audio_output", "audio_data").forEach(stored::remove);
		int images = result.images().size();
		if (images > 0) {
			stored.put("images", IntStream.range(0, images).mapToObj((position) -> link(taskId, position)).toList());
		}
		if (result.audio() != null) {
			stored.put("audio", link(taskId, images));
		}
		return stored;
	}

	private static String link(String taskId, int position) {
		return "/api/tasks/" + taskId + "/binaries/" + position;
	}

}
