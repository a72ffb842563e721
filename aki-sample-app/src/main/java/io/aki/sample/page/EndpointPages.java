package io.aki.sample.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointList;
import io.aki.sample.task.OwnTasks;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/**
 * Renders the list of endpoints and a form for each endpoint, and submits their tasks.
 */
@Controller
@RequestMapping("/endpoints")
class EndpointPages {

	private final AkiClient aki;

	private final OwnTasks tasks;

	private final TaskCards cards;

	private final TaskForm form;

	EndpointPages(AkiClient aki, OwnTasks tasks, TaskCards cards, TaskForm form) {
		this.aki = aki;
		this.tasks = tasks;
		this.cards = cards;
		this.form = form;
	}

	// tag::endpoints[]
	@GetMapping
	String endpoints(Model model) {
		AkiEndpointList names = this.aki.getEndpointList();
		model.addAttribute("error", names.success() ? null : "AKI.IO cannot be reached at the moment.");
		model.addAttribute("endpoints", names.endpoints().parallelStream().map(this.form::view).toList());
		return "endpoints";
	}
	// end::endpoints[]

	@GetMapping("/{name:[A-Za-z0-9._~-]{0,99}[A-Za-z0-9_~-]}")
	String endpoint(@PathVariable String name, Model model) {
		EndpointView endpoint = this.form.view(name);
		if (endpoint.isUnknown()) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, endpoint.error());
		}
		model.addAttribute("endpoint", endpoint);
		model.addAttribute("cards", this.cards.newest(List.of(name)));
		model.addAttribute("maxText", TaskForm.TEXT_LENGTH_MAX);
		return "endpoint";
	}

	@PostMapping("/{name:[A-Za-z0-9._~-]{0,99}[A-Za-z0-9_~-]}")
	@ResponseBody
	@ResponseStatus(HttpStatus.ACCEPTED)
	Submitted submit(@PathVariable String name, @RequestParam Map<String, String> values,
			@RequestParam Map<String, MultipartFile> files) {
		Map<String, Object> all = new LinkedHashMap<>(values);
		all.remove("_csrf");
		all.putAll(files);
		return new Submitted(this.tasks.submit(List.of(this.form.request(name, all))));
	}

}
