package io.aki.sample.page;

import java.util.List;

import io.aki.sample.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * A task as a page shows it.
 *
 * @param task the task
 * @param images the addresses of its images
 * @param audio the address of its sound
 * @param html its text, safe to be put into a page
 * @param thinking the reasoning before the text, safe as well
 * @param seed what makes the same image again
 * @param facts what is to be known at a glance
 */
public record TaskCard(Task task, List<String> images, @Nullable String audio, @Nullable String html,
		@Nullable String thinking, @Nullable Object seed, String facts) {

}
