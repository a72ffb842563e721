package io.aki.sample.page;

import java.util.List;

import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTasks;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * Renders the Tasks page and the views of single tasks.
 */
@Controller
@RequestMapping("/tasks")
class TaskPages {

	private static final int SHOWN = 50;

	private final AkiTasks tasks;

	private final TaskCards cards;

	TaskPages(AkiTasks tasks, TaskCards cards) {
		this.tasks = tasks;
		this.cards = cards;
	}

	@GetMapping
	String tasks(Model model) {
		addRows(model);
		return "tasks";
	}

	@GetMapping("/rows")
	String rows(Model model) {
		addRows(model);
		return "rows :: rows";
	}

	private void addRows(Model model) {
		model.addAttribute("counts", this.tasks.counts());
		model.addAttribute("tasks", this.tasks.find(AkiTaskQuery.all().size(SHOWN)).tasks());
	}

	@GetMapping("/{id}")
	String task(@PathVariable String id, Model model) {
		model.addAttribute("card", this.cards.card(find(id)));
		return "task";
	}

	@GetMapping("/{id}/card")
	String card(@PathVariable String id, Model model) {
		return show(id, "card", model);
	}

	@PostMapping("/{id}/cancel")
	String cancel(@PathVariable String id, @RequestParam(defaultValue = "row") String view, Model model) {
		this.tasks.cancel(id);
		return show(id, view, model);
	}

	@PostMapping("/{id}/retry")
	String retry(@PathVariable String id, @RequestParam(defaultValue = "row") String view, Model model) {
		this.tasks.retry(id);
		return show(id, view, model);
	}

	private String show(String id, String view, Model model) {
		AkiTask task = find(id);
		if (view.equals("row")) {
			model.addAttribute("tasks", List.of(task));
			return "rows :: row";
		}
		model.addAttribute("card", this.cards.card(task));
		return "card :: update(card=${card})";
	}

	private AkiTask find(String id) {
		return this.tasks.find(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such task"));
	}

}
