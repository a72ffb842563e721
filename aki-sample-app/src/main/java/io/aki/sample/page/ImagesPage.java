package io.aki.sample.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.aki.client.AkiBinary;
import io.aki.sample.SampleProperties;
import io.aki.sample.task.OwnTasks;
import io.aki.sample.task.TaskViews;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Renders the Images page and submits its tasks.
 */
@Controller
@RequestMapping("/images")
class ImagesPage {

	private static final Map<String, String> SIZES = sizes();

	private final OwnTasks tasks;

	private final TaskCards cards;

	private final TaskForm form;

	private final SampleProperties properties;

	private final DataSize maxFileSize;

	ImagesPage(OwnTasks tasks, TaskCards cards, TaskForm form, SampleProperties properties,
			@Value("${spring.servlet.multipart.max-file-size:10MB}") DataSize maxFileSize) {
		this.tasks = tasks;
		this.cards = cards;
		this.form = form;
		this.properties = properties;
		this.maxFileSize = maxFileSize;
	}

	private static Map<String, String> sizes() {
		Map<String, String> sizes = new LinkedHashMap<>();
		sizes.put("768x768", "Square");
		sizes.put("768x512", "Landscape");
		sizes.put("1024x576", "Wide");
		sizes.put("512x768", "Portrait");
		sizes.put("576x1024", "Tall");
		return sizes;
	}

	/**
	 * Render the page.
	 * @param again the id of a task whose form is filled in
	 * @param edit the id and the position of an image to edit
	 */
	@GetMapping
	String images(@RequestParam(required = false) @Nullable String again,
			@RequestParam(required = false) @Nullable String edit, Model model) {
		List<String> endpoints = new ArrayList<>(this.properties.imageEndpoints());
		endpoints.add(this.properties.editEndpoint());
		Map<String, String> values = (again != null) ? form(this.tasks.find(again)) : Map.of();
		Map<String, String> sizes = new LinkedHashMap<>(SIZES);
		String size = values.containsKey("width") ? values.get("width") + "x" + values.get("height") : "768x512";
		sizes.putIfAbsent(size, size.replace("x", " × "));
		String source = (edit != null) ? edit : values.getOrDefault(ImageForm.SOURCE, "");
		model.addAttribute("cards", this.cards.newest(endpoints));
		model.addAttribute("imageEndpoints", this.properties.imageEndpoints());
		model.addAttribute("form", values);
		model.addAttribute("sizes", sizes);
		model.addAttribute("size", size);
		model.addAttribute("source", source);
		model.addAttribute("sourceLink", source.isEmpty() ? null : link(source));
		model.addAttribute("maxCount", ImageForm.COUNT_MAX);
		model.addAttribute("maxPrompt", ImageForm.PROMPT_LENGTH_MAX);
		model.addAttribute("maxFileSize", this.maxFileSize);
		return "images";
	}

	private Map<String, String> form(AkiTask task) {
		Map<String, String> values = new LinkedHashMap<>(task.metadata());
		values.put("endpoint", task.endpoint());
		this.tasks.get()
			.resultWithoutBinaries(task.id())
			.map((result) -> result.get("seed"))
			.ifPresent((seed) -> values.put("seed", seed.toString()));
		return values;
	}

	private String link(String source) {
		return TaskViews.Links.binary(sourceTask(source).id(), position(source));
	}

	private AkiTask sourceTask(String source) {
		return this.tasks.find(source.substring(0, Math.max(0, source.indexOf('/'))));
	}

	private static int position(String source) {
		return source.matches(".*/\\d") ? source.charAt(source.length() - 1) - '0' : 0;
	}

	@PostMapping
	@ResponseBody
	@ResponseStatus(HttpStatus.ACCEPTED)
	Submitted create(@Valid @ModelAttribute ImageForm images) {
		String endpoint = images.isEdit() ? this.properties.editEndpoint() : images.endpoint();
		if (endpoint == null || !(images.isEdit() || this.properties.imageEndpoints().contains(endpoint))) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"endpoint must be one of " + String.join(", ", this.properties.imageEndpoints()));
		}
		List<AkiTaskRequest> requests = IntStream.range(0, images.images())
			.mapToObj((number) -> request(endpoint, images, number))
			.toList();
		return new Submitted(this.tasks.submit(requests));
	}

	private AkiTaskRequest request(String endpoint, ImageForm images, int number) {
		Map<String, Object> params = images.params(number);
		if (images.image() != null && !images.image().isEmpty()) {
			params.put("image", images.image());
		}
		return StringUtils.hasText(images.source()) && !params.containsKey("image")
				? edit(endpoint, params, images.source()) : this.form.request(endpoint, params);
	}

	/**
	 * Submit a task with the parameters of an earlier one and another seed.
	 */
	@PostMapping("/{id}/vary")
	@ResponseBody
	@ResponseStatus(HttpStatus.ACCEPTED)
	Submitted vary(@PathVariable String id) {
		AkiTask task = this.tasks.find(id);
		if (!this.cards.row(task).repeatable()) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "The parameters of this task are not kept");
		}
		Map<String, Object> params = new LinkedHashMap<>(task.metadata());
		params.remove("seed");
		Object source = params.remove(ImageForm.SOURCE);
		AkiTaskRequest request = (source != null) ? edit(task.endpoint(), params, source.toString())
				: this.form.request(task.endpoint(), params);
		return new Submitted(this.tasks.submit(List.of(request)));
	}

	private AkiTaskRequest edit(String endpoint, Map<String, Object> params, String source) {
		AkiBinary image = this.tasks.get()
			.binary(sourceTask(source).id(), position(source))
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"The picture to edit does not exist any more"));
		params.put("image", image);
		AkiTaskRequest request = this.form.request(endpoint, params);
		Map<String, String> metadata = new LinkedHashMap<>(request.metadata());
		metadata.put(ImageForm.SOURCE, source);
		return request.metadata(metadata);
	}

}
