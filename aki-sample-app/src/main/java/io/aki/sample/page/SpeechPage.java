package io.aki.sample.page;

import java.util.List;
import java.util.Map;

import io.aki.client.AkiParameter;
import io.aki.sample.SampleProperties;
import io.aki.sample.task.OwnTasks;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * Renders the Speech page and submits its tasks.
 */
@Controller
@RequestMapping("/speech")
class SpeechPage {

	private final OwnTasks tasks;

	private final TaskCards cards;

	private final TaskForm form;

	private final SampleProperties properties;

	SpeechPage(OwnTasks tasks, TaskCards cards, TaskForm form, SampleProperties properties) {
		this.tasks = tasks;
		this.cards = cards;
		this.form = form;
		this.properties = properties;
	}

	@GetMapping
	String speech(Model model) {
		String endpoint = this.properties.speechEndpoint();
		model.addAttribute("cards", this.cards.newest(List.of(endpoint)));
		model.addAttribute("speechEndpoint", endpoint);
		model.addAttribute("maxText", TaskForm.TEXT_LENGTH_MAX);
		model.addAttribute("languages",
				this.form.view(endpoint).parameter("language").map(AkiParameter::options).orElse(List.of("en", "de")));
		return "speech";
	}

	// tag::speak[]
	@PostMapping
	@ResponseBody
	@ResponseStatus(HttpStatus.ACCEPTED)
	Submitted speak(@RequestParam Map<String, String> values) {
		values.remove("_csrf");
		return new Submitted(this.tasks.submit(List.of(this.form.request(this.properties.speechEndpoint(), values))));
	}
	// end::speak[]

}
