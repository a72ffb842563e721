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

	private final AkiEmulatorReplies scripted;

	private final @Nullable Function<String, String> ownReply;

	private final ChatReplies replies;

	WorkFactory(long seed, AkiEmulatorReplies scripted, @Nullable Function<String, String> ownReply) {
		this.seed = seed;
		this.scripted = scripted;
		this.ownReply = ownReply;
		this.replies = new ChatReplies(seed);
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
		String format = text(arguments, "chat_output_format");
		AkiEmulatorReply reply;
		try {
			reply = reply(prompt, format);
		}
		catch (RuntimeException ex) {
			return new FailingWork("The chat reply of the emulator failed: " + ex);
		}
		if (reply.callsTools() && !format.equals(ChatFormat.WITH_TOOL_CALLS)) {
			return new FailingWork("The reply that was scripted for the emulator calls tools, for which the call would"
					+ " have to ask with chat_output_format = " + ChatFormat.WITH_TOOL_CALLS);
		}
		SplittableRandom random = new SplittableRandom(this.seed ^ prompt.hashCode());
		double wordsPerSecond = 20 + 20 * random.nextDouble();
		return new ChatWork(endpoint, reply.wholeText(),
				(int) Math.min(Integer.MAX_VALUE, number(arguments, "max_gen_tokens", -1)),
				ChatPrompt.lengthOf(arguments), wordsPerSecond, ChatFormat.of(format, reply.toolCallsAsJson()));
	}

	private AkiEmulatorReply reply(String prompt, String format) {
		AkiEmulatorReply scripted = this.scripted.next(prompt);
		if (scripted != null) {
			return scripted;
		}
		AkiEmulatorReply reply = AkiEmulatorReply
			.text((this.ownReply != null) ? this.ownReply.apply(prompt) : this.replies.reply(prompt));
		if (prompt.contains("THINK")) {
			reply = reply.thinking(this.replies.reasoning(prompt));
		}
		if (prompt.contains("TOOL") && format.equals(ChatFormat.WITH_TOOL_CALLS)) {
			reply = reply.withToolCalls(ChatReplies.TOOL_CALLS);
		}
		return reply;
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
