package io.aki.sample.page;

import java.util.List;

import io.aki.spring.boot.tasks.AkiTask;
import org.jspecify.annotations.Nullable;

/**
 * A task, as a page shows it.
 *
 * @param task the task
 * @param prompt the start of the prompt
 * @param images the addresses of the images
 * @param audio the address of the sound
 * @param html the text, safe to insert into a page
 * @param thinking the reasoning before the text, safe to insert into a page
 * @param seed the seed that creates the same image again
 * @param facts a short summary
 */
public record TaskCard(AkiTask task, String prompt, List<String> images, @Nullable String audio, @Nullable String html,
		@Nullable String thinking, @Nullable Object seed, String facts) {

}
