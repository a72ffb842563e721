package io.aki.sample.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The results of tasks, in which links replace the images and the audio.
 */
@Component
public class TaskResults {

	private final AkiTasks tasks;

	TaskResults(AkiTasks tasks) {
		this.tasks = tasks;
	}

	/**
	 * Return the result of a task.
	 * @param task the task
	 * @return the result; {@code null} if there is none
	 */
	public @Nullable Map<String, @Nullable Object> find(AkiTask task) {
		return this.tasks.resultWithoutBinaries(task.id()).map((result) -> withLinks(task, result)).orElse(null);
	}

	private Map<String, @Nullable Object> withLinks(AkiTask task, AkiResult result) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>(result.toPublicMap());
		List<String> images = new ArrayList<>();
		for (int position = 0; position < task.binaries(); position++) {
			String link = "/api/tasks/" + task.id() + "/binaries/" + position;
			if (isAudio(task, position)) {
				map.put("audio", link);
			}
			else {
				images.add(link);
			}
		}
		if (!images.isEmpty()) {
			map.put("images", images);
		}
		return Collections.unmodifiableMap(map);
	}

	private boolean isAudio(AkiTask task, int position) {
		return this.tasks.storedBinary(task.id(), position)
			.map((binary) -> AkiClient.detectMediaTypeFromFormat(binary.format()).equals("audio"))
			.orElse(false);
	}

}
