package io.aki.sample.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.aki.sample.task.OwnTasks;
import io.aki.sample.task.TaskStates;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskPage;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Renders the Tasks page, the page of a single task, and the parts of pages that show
 * changed tasks.
 */
@Controller
@RequestMapping("/tasks")
class TaskPages {

	private static final int PAGE_SIZE = 20;

	private final OwnTasks tasks;

	private final TaskCards cards;

	TaskPages(OwnTasks tasks, TaskCards cards) {
		this.tasks = tasks;
		this.cards = cards;
	}

	@GetMapping
	String tasks(@RequestParam(required = false) @Nullable String state,
			@RequestParam(defaultValue = "0") @Min(0) @Max(1_000_000) int page, Model model) {
		AkiTasks own = this.tasks.get();
		addFilters(state, own, model);
		List<AkiTask> shown = new ArrayList<>();
		AkiTaskPage found;
		if (StringUtils.hasText(state)) {
			found = find(own, page, TaskStates.of(state));
		}
		else {
			found = find(own, page, AkiTaskState.COMPLETED, AkiTaskState.FAILED, AkiTaskState.CANCELED);
			if (page == 0) {
				AkiTaskPage waiting = find(own, 0, AkiTaskState.QUEUED, AkiTaskState.PENDING);
				shown.addAll(find(own, 0, AkiTaskState.RUNNING).tasks());
				shown.addAll(waiting.tasks());
				model.addAttribute("moreWaiting", waiting.total() - waiting.tasks().size());
			}
		}
		shown.addAll(found.tasks());
		model.addAttribute("cards", shown.stream().map(this.cards::row).toList());
		model.addAttribute("page", page);
		model.addAttribute("pages", (found.total() + PAGE_SIZE - 1) / PAGE_SIZE);
		model.addAttribute("hasNext", found.hasNext());
		return "tasks";
	}

	private static AkiTaskPage find(AkiTasks own, int page, AkiTaskState... states) {
		return own.find(AkiTaskQuery.all().states(states).page(page).size(PAGE_SIZE));
	}

	private static void addFilters(@Nullable String state, AkiTasks own, Model model) {
		Map<AkiTaskState, Long> counts = own.counts();
		Map<String, Long> filters = new LinkedHashMap<>();
		Stream
			.of(AkiTaskState.RUNNING, AkiTaskState.QUEUED, AkiTaskState.PENDING, AkiTaskState.COMPLETED,
					AkiTaskState.FAILED, AkiTaskState.CANCELED)
			.forEach((filter) -> filters.put(filter.value(), counts.getOrDefault(filter, 0L)));
		model.addAttribute("state", StringUtils.hasText(state) ? TaskStates.of(state).value() : "");
		model.addAttribute("total", counts.values().stream().mapToLong(Long::longValue).sum());
		model.addAttribute("filters", filters);
	}

	@GetMapping("/{id}")
	String task(@PathVariable String id, Model model) {
		model.addAttribute("card", this.cards.card(this.tasks.find(id)));
		return "task";
	}

	/**
	 * Render the cards, or the rows of the table with the filters, of tasks that have
	 * changed. Tasks that do not exist any more are left out.
	 */
	@GetMapping("/changed")
	String changed(@RequestParam @Size(max = 100) List<String> ids, @RequestParam(defaultValue = "card") String view,
			@RequestParam(required = false) @Nullable String state, Model model) {
		AkiTasks own = this.tasks.get();
		Stream<AkiTask> found = ids.stream().filter(OwnTasks::isId).map(own::find).flatMap(Optional::stream);
		if (view.equals("row")) {
			addFilters(state, own, model);
			model.addAttribute("cards", found.map(this.cards::row).toList());
			return "rows :: changed";
		}
		model.addAttribute("cards", found.map(this.cards::card).toList());
		return "card :: cards";
	}

}
