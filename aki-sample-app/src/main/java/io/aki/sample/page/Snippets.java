package io.aki.sample.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * The source code that each page shows under "In your application". It is the code that
 * runs: the build copies the sources into the jar.
 */
@Component("snippets")
public class Snippets {

	private static final Map<String, List<String>> PAGES = Map.of("Chat",
			List.of("chat/Chats.java#answer", "chat/AnswerStream.java#follow"), "Assistant",
			List.of("assistant/AssistantController.java#answer", "assistant/AssistantTools.java#tool"), "Images",
			List.of("task/OwnTasks.java#submit", "task/NewTask.java#request"), "Speech",
			List.of("page/SpeechPage.java#speak", "task/OwnTasks.java#submit"), "Tasks",
			List.of("task/TaskController.java#bulk", "task/OwnTasks.java#get"), "Endpoints",
			List.of("page/EndpointPages.java#endpoints", "page/TaskForm.java#request"));

	private final Map<String, List<Snippet>> snippets = new HashMap<>();

	Snippets() {
		PAGES.forEach((page, references) -> this.snippets.put(page, references.stream().map(Snippets::read).toList()));
	}

	/**
	 * A part of a source file.
	 *
	 * @param file the path of the file, below the package of the application
	 * @param code the code
	 */
	public record Snippet(String file, String code) {

	}

	/**
	 * Return the snippets of a page.
	 * @param page the name of the page, as in the navigation
	 */
	public List<Snippet> of(String page) {
		return this.snippets.getOrDefault(page, List.of());
	}

	private static Snippet read(String reference) {
		int hash = reference.indexOf('#');
		String file = reference.substring(0, hash);
		String tag = "::" + reference.substring(hash + 1) + "[]\n";
		String source = source(file);
		int start = source.indexOf("// tag" + tag);
		int end = source.indexOf("// end" + tag);
		if (start < 0 || end < start) {
			throw new IllegalStateException("There is no snippet " + reference);
		}
		String code = source.substring(source.indexOf('\n', start) + 1, source.lastIndexOf('\n', end));
		return new Snippet(file, code.stripIndent().replace("\t", "    "));
	}

	private static String source(String file) {
		try {
			return new ClassPathResource("sources/io/aki/sample/" + file).getContentAsString(StandardCharsets.UTF_8)
				.replace("\r\n", "\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
