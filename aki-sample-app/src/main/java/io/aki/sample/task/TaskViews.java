package io.aki.sample.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Creates the views of tasks.
 */
@Component
public class TaskViews {

	private final EndpointCache endpoints;

	TaskViews(EndpointCache endpoints) {
		this.endpoints = endpoints;
	}

	/**
	 * Return the view of a task without its result.
	 */
	public TaskView view(AkiTask task) {
		return view(task, null);
	}

	/**
	 * Return the view of a task with its result, in which links replace the images and
	 * the audio.
	 */
	TaskView viewWithResult(AkiTask task, AkiTasks tasks) {
		return view(task,
				tasks.resultWithoutBinaries(task.id()).map((result) -> result(task, result, tasks)).orElse(null));
	}

	private TaskView view(AkiTask task, @Nullable Map<String, @Nullable Object> result) {
		return new TaskView(task.id(), task.endpoint(), TaskMetadata.title(task), task.state(), task.progress(),
				task.queuePosition(), task.estimate(), task.attempt(), task.jobId(), summary(task),
				TaskErrors.describe(task), result, task.createdAt(), task.updatedAt());
	}

	private String summary(AkiTask task) {
		if (task.state().isFinal()) {
			return "";
		}
		List<String> parts = new ArrayList<>();
		if (task.progress() > 0) {
			parts.add(Math.round(task.progress()) + " %");
		}
		if (task.queuePosition() > 0) {
			parts.add("number " + task.queuePosition() + " in the queue");
		}
		if (task.estimate() > 0) {
			parts.add("about " + (int) Math.ceil(task.estimate()) + " s");
		}
		if (task.state() != AkiTaskState.RUNNING && this.endpoints.isWithoutWorkers(task.endpoint())) {
			parts.add("no worker is online");
		}
		if (parts.isEmpty() && task.state() != AkiTaskState.RUNNING) {
			parts.add("waiting for a worker");
		}
		return String.join(" · ", parts);
	}

	private static Map<String, @Nullable Object> result(AkiTask task, AkiResult result, AkiTasks tasks) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>(result.toPublicMap());
		Links links = Links.of(task, tasks);
		if (links.audio() != null) {
			map.put("audio", links.audio());
		}
		if (!links.images().isEmpty()) {
			map.put("images", links.images());
		}
		return Collections.unmodifiableMap(map);
	}

	/**
	 * The addresses of the binaries of a task.
	 *
	 * @param images the addresses of the images
	 * @param audio the address of the audio, or {@code null}
	 */
	public record Links(List<String> images, @Nullable String audio) {

		public static Links of(AkiTask task, AkiTasks tasks) {
			List<String> images = new ArrayList<>();
			String audio = null;
			for (int position = 0; position < task.binaries(); position++) {
				String link = binary(task.id(), position);
				if (isAudio(task, position, tasks)) {
					audio = link;
				}
				else {
					images.add(link);
				}
			}
			return new Links(images, audio);
		}

		public static String binary(String taskId, int position) {
			return task(taskId) + "/binaries/" + position;
		}

		/**
		 * Return the address of a task. It starts with the context path of the current
		 * request.
		 */
		static String task(String id) {
			return ServletUriComponentsBuilder.fromCurrentContextPath().build().getPath() + "/api/tasks/" + id;
		}

		private static boolean isAudio(AkiTask task, int position, AkiTasks tasks) {
			return tasks.storedBinary(task.id(), position)
				.map((binary) -> AkiClient.detectMediaTypeFromFormat(binary.format()).equals("audio"))
				.orElse(false);
		}

	}

}
