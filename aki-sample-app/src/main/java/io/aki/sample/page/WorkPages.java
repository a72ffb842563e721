package io.aki.sample.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiEndpointList;
import io.aki.sample.SampleProperties;
import io.aki.sample.task.NewTask;
import io.aki.sample.task.TaskMetadata;
import io.aki.sample.task.TaskResults;
import io.aki.spring.boot.tasks.AkiTasks;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/**
 * Renders the pages Images, Speech and Endpoints, and creates tasks from their forms.
 */
@Controller
class WorkPages {

	private final AkiTasks tasks;

	private final TaskResults results;

	private final TaskCards cards;

	private final Endpoints endpoints;

	private final ParameterForm form;

	private final SampleProperties properties;

	WorkPages(AkiTasks tasks, TaskResults results, TaskCards cards, Endpoints endpoints, ParameterForm form,
			SampleProperties properties) {
		this.tasks = tasks;
		this.results = results;
		this.cards = cards;
		this.endpoints = endpoints;
		this.form = form;
		this.properties = properties;
	}

	@GetMapping("/images")
	String images(@RequestParam(required = false) @Nullable String again, Model model) {
		List<String> shown = new ArrayList<>(this.properties.imageEndpoints());
		shown.add(this.properties.editEndpoint());
		model.addAttribute("cards", this.cards.newest(shown));
		model.addAttribute("imageEndpoints", this.properties.imageEndpoints());
		model.addAttribute("editEndpoint", this.properties.editEndpoint());
		model.addAttribute("form", (again != null) ? again(again) : Map.of());
		return "images";
	}

	private Map<String, Object> again(String id) {
		return this.tasks.find(id).map((task) -> {
			Map<String, Object> form = TaskMetadata.form(task);
			Map<String, @Nullable Object> result = this.results.find(task);
			Object seed = (result != null) ? result.get("seed") : null;
			if (seed != null) {
				form.put("seed", seed);
			}
			return form;
		}).orElseGet(Map::of);
	}

	@PostMapping("/images")
	String makeImage(@RequestParam Map<String, String> values, @RequestParam String endpoint,
			@RequestParam(required = false) @Nullable MultipartFile image, Model model) {
		boolean editing = image != null && !image.isEmpty();
		Map<String, String> params = new LinkedHashMap<>(values);
		params.remove("endpoint");
		MultiValueMap<String, MultipartFile> files = new LinkedMultiValueMap<>();
		if (image != null && editing) {
			files.add("image", image);
		}
		return submit(editing ? this.properties.editEndpoint() : endpoint, params, files, model);
	}

	@GetMapping("/speech")
	String speech(Model model) {
		String endpoint = this.properties.speechEndpoint();
		model.addAttribute("cards", this.cards.newest(List.of(endpoint)));
		model.addAttribute("speechEndpoint", endpoint);
		model.addAttribute("languages",
				this.endpoints.endpoint(endpoint)
					.fields()
					.stream()
					.filter((field) -> field.name().equals("language"))
					.findFirst()
					.map(EndpointView.Field::options)
					.orElse(List.of("en", "de")));
		return "speech";
	}

	@PostMapping("/speech")
	String say(@RequestParam Map<String, String> values, Model model) {
		return submit(this.properties.speechEndpoint(), values, new LinkedMultiValueMap<>(), model);
	}

	@GetMapping("/endpoints")
	String endpoints(Model model) {
		AkiEndpointList names = this.endpoints.names();
		model.addAttribute("error", names.error());
		model.addAttribute("endpoints", this.endpoints.all(names));
		return "endpoints";
	}

	@GetMapping("/endpoints/{name}")
	String endpoint(@PathVariable String name, Model model) {
		model.addAttribute("endpoint", this.endpoints.endpoint(name));
		model.addAttribute("cards", this.cards.newest(List.of(name)));
		return "endpoint";
	}

	@PostMapping("/endpoints/{name}")
	String send(@PathVariable String name, @RequestParam Map<String, String> values,
			@RequestParam MultiValueMap<String, MultipartFile> files, Model model) {
		return submit(name, values, files, model);
	}

	private String submit(String endpoint, Map<String, String> values, MultiValueMap<String, MultipartFile> files,
			Model model) {
		String id = this.tasks.submit(new NewTask(endpoint, this.form.params(endpoint, values, files)).request());
		model.addAttribute("card", this.cards.card(this.tasks.find(id).orElseThrow()));
		return "card :: card(card=${card})";
	}

}
