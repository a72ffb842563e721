package io.aki.sample.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.aki.sample.chat.Markdown;
import io.aki.sample.task.Task;
import io.aki.sample.task.TaskStatus;
import io.aki.sample.task.TaskStore;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Creates the cards that pages show for tasks.
 */
@Component("cards")
public class TaskCards {

	private static final int MOST = 30;

	private final TaskStore store;

	private final Markdown markdown;

	TaskCards(TaskStore store, Markdown markdown) {
		this.store = store;
		this.markdown = markdown;
	}

	List<TaskCard> newest(List<String> endpoints) {
		return this.store.newest(endpoints, MOST).stream().map(this::card).toList();
	}

	TaskCard card(Task task) {
		Map<String, Object> result = (task.status() == TaskStatus.COMPLETED) ? this.store.result(task.id()) : null;
		if (result == null) {
			return new TaskCard(task, List.of(), null, null, null, null, facts(task));
		}
		Markdown.Rendered text = this.markdown.render(text(result.get("text")));
		return new TaskCard(task, links(result.get("images")), (String) result.get("audio"),
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

	private static String facts(Map<String, Object> result) {
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
	 * Return the progress of a running task.
	 * @param task the task
	 * @return a text such as {@code 50 % · step 4/8 · about 3 s}; empty if the task is
	 * not running
	 */
	public String facts(Task task) {
		List<String> facts = new ArrayList<>();
		if (task.status() != TaskStatus.RUNNING) {
			return "";
		}
		if (task.progress() > 0) {
			facts.add(Math.round(task.progress()) + " %");
		}
		if (task.queuePosition() > 0) {
			facts.add("number " + task.queuePosition() + " in the queue");
		}
		if (task.message() != null) {
			facts.add(task.message());
		}
		if (task.estimate() > 0) {
			facts.add("about " + (int) Math.ceil(task.estimate()) + " s");
		}
		return facts.isEmpty() ? "waiting for a worker" : String.join(" · ", facts);
	}

}
