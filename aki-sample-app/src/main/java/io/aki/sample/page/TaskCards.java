package io.aki.sample.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.aki.sample.chat.Markdown;
import io.aki.sample.task.TaskMetadata;
import io.aki.sample.task.TaskResults;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Creates the cards that pages show for tasks.
 */
@Component("cards")
public class TaskCards {

	private static final int MOST = 30;

	private final AkiTasks tasks;

	private final TaskResults results;

	private final Markdown markdown;

	TaskCards(AkiTasks tasks, TaskResults results, Markdown markdown) {
		this.tasks = tasks;
		this.results = results;
		this.markdown = markdown;
	}

	List<TaskCard> newest(List<String> endpoints) {
		return endpoints.stream()
			.flatMap((endpoint) -> this.tasks.find(AkiTaskQuery.all().endpoint(endpoint).size(MOST)).tasks().stream())
			.sorted(Comparator.comparing(AkiTask::createdAt).reversed())
			.limit(MOST)
			.map(this::card)
			.toList();
	}

	TaskCard card(AkiTask task) {
		Map<String, @Nullable Object> result = this.results.find(task);
		if (result == null) {
			return new TaskCard(task, prompt(task), List.of(), null, null, null, null, facts(task));
		}
		Markdown.Rendered text = this.markdown.render(text(result.get("text")));
		return new TaskCard(task, prompt(task), links(result.get("images")), (String) result.get("audio"),
				text.html().isEmpty() ? null : text.html(), text.thinking().isEmpty() ? null : text.thinking(),
				result.get("seed"), facts(result));
	}

	private static String text(@Nullable Object text) {
		Object content = (text instanceof Map<?, ?> parts) ? parts.get("content") : text;
		return (content instanceof String string) ? string : "";
	}

	private static List<String> links(@Nullable Object images) {
		return (images instanceof List<?> list) ? list.stream().map(String::valueOf).toList() : List.of();
	}

	private static String facts(Map<String, @Nullable Object> result) {
		List<String> facts = new ArrayList<>();
		if (result.get("seed") != null) {
			facts.add("seed " + result.get("seed"));
		}
		if (result.get("num_generated_tokens") != null) {
			facts.add(result.get("num_generated_tokens") + " tokens");
		}
		if (result.get("total_duration") instanceof Number seconds) {
			facts.add(String.format("%.1f s", seconds.doubleValue()));
		}
		return String.join(" · ", facts);
	}

	/**
	 * Return the text that pages show for a task.
	 * @param task the task
	 * @return the start of the prompt; empty if there is none
	 */
	public String prompt(AkiTask task) {
		return TaskMetadata.title(task);
	}

	/**
	 * Return the progress of a task whose job was started.
	 * @param task the task
	 * @return a text such as {@code 50 % · about 3 s}; empty if the task is pending or
	 * has ended
	 */
	public String facts(AkiTask task) {
		List<String> facts = new ArrayList<>();
		if (task.state() != AkiTaskState.QUEUED && task.state() != AkiTaskState.RUNNING) {
			return "";
		}
		if (task.progress() > 0) {
			facts.add(Math.round(task.progress()) + " %");
		}
		if (task.queuePosition() > 0) {
			facts.add("number " + task.queuePosition() + " in the queue");
		}
		if (task.estimate() > 0) {
			facts.add("about " + (int) Math.ceil(task.estimate()) + " s");
		}
		if (facts.isEmpty() && task.state() == AkiTaskState.QUEUED) {
			return "waiting for a worker";
		}
		return String.join(" · ", facts);
	}

}
