package io.aki.sample.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.aki.client.AkiResult;
import io.aki.sample.SampleProperties;
import io.aki.sample.task.OwnTasks;
import io.aki.sample.task.TaskMetadata;
import io.aki.sample.task.TaskViews;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Creates the cards that pages show for the tasks of the current user.
 */
@Component
class TaskCards {

	private static final int MAX_CARDS = 30;

	private final OwnTasks tasks;

	private final TaskViews views;

	private final SampleProperties properties;

	TaskCards(OwnTasks tasks, TaskViews views, SampleProperties properties) {
		this.tasks = tasks;
		this.views = views;
		this.properties = properties;
	}

	/**
	 * Return the newest tasks of some endpoints, without the answers of the Chat page.
	 */
	List<TaskCard> newest(List<String> endpoints) {
		AkiTasks own = this.tasks.get();
		return endpoints.stream()
			.flatMap((endpoint) -> own.find(AkiTaskQuery.all().endpoint(endpoint).size(MAX_CARDS)).tasks().stream())
			.filter((task) -> !TaskMetadata.isChat(task))
			.sorted(Comparator.comparing(AkiTask::createdAt).reversed())
			.limit(MAX_CARDS)
			.map(this::card)
			.toList();
	}

	TaskCard card(AkiTask task) {
		AkiTasks own = this.tasks.get();
		AkiResult result = own.resultWithoutBinaries(task.id()).orElse(null);
		TaskViews.Links links = TaskViews.Links.of(task, own);
		return card(task, links.images(), links.audio(), result);
	}

	/**
	 * Return a card without the result of the task.
	 */
	TaskCard row(AkiTask task) {
		return card(task, List.of(), null, null);
	}

	private TaskCard card(AkiTask task, List<String> images, @Nullable String audio, @Nullable AkiResult result) {
		boolean edit = task.endpoint().equals(this.properties.editEndpoint());
		boolean image = edit || this.properties.imageEndpoints().contains(task.endpoint());
		boolean repeatable = image && TaskMetadata.isComplete(task)
				&& (!edit || task.metadata().containsKey(ImageForm.SOURCE));
		return new TaskCard(task, this.views.view(task), TaskMetadata.prompt(task), image, images, audio,
				notBlank((result != null) ? result.answer() : null),
				notBlank((result != null) ? result.thinking() : null), repeatable,
				(result != null) ? facts(result) : "");
	}

	private static @Nullable String notBlank(@Nullable String text) {
		return (text != null && !text.isBlank()) ? text : null;
	}

	private static String facts(AkiResult result) {
		List<String> facts = new ArrayList<>();
		if (result.get("seed") != null) {
			facts.add("seed " + result.get("seed"));
		}
		if (result.numGeneratedTokens() != null) {
			facts.add(result.numGeneratedTokens() + " tokens");
		}
		if (result.totalDuration() != null) {
			facts.add(String.format("%.1f s", result.totalDuration()));
		}
		return String.join(" · ", facts);
	}

}
