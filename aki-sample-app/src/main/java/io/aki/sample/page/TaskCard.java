package io.aki.sample.page;

import java.util.List;

import io.aki.sample.task.TaskView;
import io.aki.spring.boot.tasks.AkiTask;
import org.jspecify.annotations.Nullable;

/**
 * A task, as a page shows it.
 *
 * @param task the task
 * @param view the texts that describe the task
 * @param prompt the prompt; the start of a long one
 * @param image whether the task creates an image
 * @param images the addresses of the images
 * @param audio the address of the sound
 * @param text the text that the model has written
 * @param thinking the reasoning before the text
 * @param repeatable whether a form can submit the task again
 * @param facts a short summary of the result
 */
public record TaskCard(AkiTask task, TaskView view, String prompt, boolean image, List<String> images,
		@Nullable String audio, @Nullable String text, @Nullable String thinking, boolean repeatable, String facts) {

	/**
	 * Return a value of the submitted form.
	 * @param name the name of the parameter
	 * @param otherwise the value if there is none
	 */
	public String value(String name, String otherwise) {
		return this.task.metadata().getOrDefault(name, otherwise);
	}

}
