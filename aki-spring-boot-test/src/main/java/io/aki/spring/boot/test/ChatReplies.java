package io.aki.spring.boot.test;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Creates the emulator's answers from templates.
 */
final class ChatReplies {

	/**
	 * The tool call for a prompt that requests one.
	 */
	static final List<Map<String, Object>> TOOL_CALLS = List
		.of(AkiEmulatorReply.call("get_weather", Map.of("city", "Berlin")));

	private static final int LONGEST_QUOTE = 120;

	private static final List<String> JOKES = List.of("""
			Why did the robot bring a ladder to the café? It had heard that the naïve little \
			espresso machine was on a *higher level*. 😄

			The machine only shrugged: "Grüße from the top shelf!\"""", """
			A neural network walks into a bar in München. "What can I get you?" asks the barman. \
			"That depends," it says, "what did everybody else have?" 😄""", """
			Two bytes meet. "You look pale, is everything all right?" – "No, I have a parity error." – \
			"Ah, I thought you looked a *bit* off." 😄 Schöne Grüße!""");

	private static final List<String> STORIES = List.of("""
			Once upon a time a small robot found a seashell on the beach. It held the shell to its \
			microphone and heard, for the first time, something that nobody had sent: the sea.

			Every evening it came back to listen. "Grüße," it whispered one night, quite softly. And \
			the sea, which had waited for somebody polite, answered with a wave. 🌊""", """
			High above the old harbour lived a lighthouse keeper named Zoë, who was afraid of the dark. \
			So each night she lit the great lamp – for the ships, she said.

			One winter the lamp broke. Zoë sat in the dark, and then she saw them: a hundred small lights \
			on the water, every ship with a lantern in its bow, all of them für sie. ✨""", """
			The last train to Köln carried a violin, a sleeping dog and a girl who had missed her stop \
			on purpose. "Where are we going?" she asked the conductor.

			"To the end of the line," he said, "and then a little further." The dog opened one eye, as \
			if it knew the way. 🚆""");

	private static final List<String> OTHERS = List.of("""
			I am the AKI.IO emulator: no model has read "%s", and still you deserve a proper answer. \
			Here is what a real endpoint would do with it:

			- read the whole conversation, Größe and tone included,
			- think about what you actually need,
			- write word by word, just as you are seeing it now. 🙂

			Once you have an API key, the same call will bring you the real thing.""", """
			You wrote: "%s". A fine prompt! I am only the AKI.IO emulator, though, and make my \
			answers from a few templates. For what it is worth, here is some code:

			```java
			String greeting = "Grüße aus dem Emulator";
			System.out.println(greeting + " 👋");
			```

			Everything around it – queue, progress, streaming – behaves as it does on the server.""", """
			Good question. As the **AKI.IO emulator** I cannot really say anything about "%s", \
			but I can say it at a life-like pace, über HTTP and in *UTF-8*. ☕

			1. Your request came in well formed.
			2. A worker with a free slot took it.
			3. And this text is the result.""");

	private final long seed;

	ChatReplies(long seed) {
		this.seed = seed;
	}

	/**
	 * Return the answer to a prompt. The same prompt always gets the same answer.
	 */
	String reply(String prompt) {
		String words = prompt.toLowerCase(Locale.ROOT);
		if (words.contains("joke") || words.contains("witz")) {
			return oneOf(JOKES, prompt);
		}
		if (words.contains("story") || words.contains("geschichte")) {
			return oneOf(STORIES, prompt);
		}
		return oneOf(OTHERS, prompt).formatted(quoted(prompt));
	}

	/**
	 * Return the reasoning for a prompt that requests one.
	 */
	String reasoning(String prompt) {
		return "The prompt has " + prompt.length()
				+ " characters. As an emulator I pick a template, and pretend to ponder.";
	}

	private String oneOf(List<String> texts, String prompt) {
		return texts.get(new SplittableRandom(this.seed ^ prompt.hashCode()).nextInt(texts.size()));
	}

	private static String quoted(String prompt) {
		String line = prompt.replaceAll("\\s+", " ").trim();
		if (line.codePointCount(0, line.length()) <= LONGEST_QUOTE) {
			return line;
		}
		return line.substring(0, line.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
	}

}
