package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Creates the work for an accepted job.
 */
final class WorkFactory {

	private final long seed;

	private final ChatModel chatModel;

	WorkFactory(long seed, AkiEmulatorReplies scripted, @Nullable Function<String, String> ownReply) {
		this.seed = seed;
		this.chatModel = new ChatModel(seed, scripted, ownReply);
	}

	/**
	 * Create the work of a job.
	 * @param endpoint the job's endpoint
	 * @param arguments the checked parameters
	 * @param ordinal the number of the job, which is used for random values
	 * @return the work
	 */
	Work create(Endpoint endpoint, Map<String, @Nullable Object> arguments, int ordinal) {
		String workload = endpoint.workload();
		String prompt = switch (workload) {
			case "chat" -> ChatPrompt.lastOf(arguments);
			case "speech" -> text(arguments, "text");
			default -> text(arguments, "prompt");
		};
		if (prompt.contains("HANG")) {
			return new HangingWork();
		}
		if (prompt.contains("FAIL")) {
			return new FailingWork("CUDA out of memory");
		}
		return switch (workload) {
			case "chat" -> chat(endpoint, arguments, prompt);
			case "speech" -> new SpeechWork(endpoint, prompt, text(arguments, "voice"));
			default -> image(endpoint, arguments, prompt, ordinal);
		};
	}

	private Work chat(Endpoint endpoint, Map<String, @Nullable Object> arguments, String prompt) {
		OfferedTools tools = OfferedTools.of(arguments);
		AkiEmulatorReply reply;
		try {
			reply = this.chatModel.reply(prompt, arguments, tools);
		}
		catch (RuntimeException ex) {
			return new FailingWork("The chat reply of the emulator failed: " + ex);
		}
		if (reply.callsTools() && tools.form() == ToolCallForm.NONE) {
			return new FailingWork("The scripted reply of the emulator contains tool calls, but the request does not"
					+ " support them. It needs chat_output_format = " + ChatFormat.WITH_TOOL_CALLS
					+ ", or the parameter tools with at least one tool, or a system message with tools between <tools>"
					+ " and </tools>");
		}
		SplittableRandom random = new SplittableRandom(this.seed ^ prompt.hashCode());
		double wordsPerSecond = 20 + 20 * random.nextDouble();
		ChatFormat format = ChatFormat.of(text(arguments, "chat_output_format"), reply.toolCallsAsJson());
		return new ChatWork(endpoint, tools.form().text(reply),
				(int) Math.min(Integer.MAX_VALUE, number(arguments, "max_gen_tokens", -1)),
				ChatPrompt.lengthOf(arguments), wordsPerSecond, format, tools.form().outputs(reply));
	}

	private Work image(Endpoint endpoint, Map<String, @Nullable Object> arguments, String prompt, int ordinal) {
		long asked = number(arguments, "seed", -1);
		long imageSeed = (asked != -1) ? asked
				: new SplittableRandom(this.seed + 0x9e3779b9L * (ordinal + 1)).nextLong(1L << 32);
		String given = text(arguments, "image");
		int defaultSize = given.isEmpty() ? 1024 : 0;
		GeneratedImage image = new GeneratedImage(given, prompt, imageSeed,
				(int) number(arguments, "width", defaultSize), (int) number(arguments, "height", defaultSize));
		boolean previews = "decoded".equals(arguments.get("provide_progress_images"));
		return new ImageWork(endpoint, image, prompt, imageSeed, steps(endpoint, arguments), previews,
				Duration.ofSeconds(3));
	}

	// the turbo model declares a default of 40 steps, but the server uses 8
	private static int steps(Endpoint endpoint, Map<String, @Nullable Object> arguments) {
		int declared = (int) number(arguments, "steps", endpoint.mostSteps());
		return Math.max(1, Math.min(declared, endpoint.mostSteps()));
	}

	private static String text(Map<String, @Nullable Object> arguments, String name) {
		return (arguments.get(name) instanceof String text) ? text : "";
	}

	private static long number(Map<String, @Nullable Object> arguments, String name, long otherwise) {
		return (arguments.get(name) instanceof Number number) ? number.longValue() : otherwise;
	}

}
