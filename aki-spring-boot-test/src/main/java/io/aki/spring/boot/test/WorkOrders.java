package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Decides what a worker does for a job that has been accepted.
 */
final class WorkOrders {

	private final long seed;

	private final ChatReplies replies;

	private final @Nullable Function<String, String> ownReply;

	WorkOrders(long seed, ChatReplies replies, @Nullable Function<String, String> ownReply) {
		this.seed = seed;
		this.replies = replies;
		this.ownReply = ownReply;
	}

	/**
	 * Makes a job's work.
	 * @param endpoint the job's endpoint
	 * @param arguments the checked parameters
	 * @param ordinal the job's number, for what is drawn by lot
	 * @return the work
	 */
	Work order(Endpoint endpoint, Map<String, @Nullable Object> arguments, int ordinal) {
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
		String reply;
		try {
			reply = (this.ownReply != null) ? this.ownReply.apply(prompt) : this.replies.reply(prompt);
		}
		catch (RuntimeException ex) {
			return new FailingWork("The chat reply of the emulator failed: " + ex);
		}
		if (prompt.contains("THINK")) {
			reply = this.replies.reasoning(prompt) + reply;
		}
		SplittableRandom random = new SplittableRandom(this.seed ^ prompt.hashCode());
		double wordsPerSecond = 20 + 20 * random.nextDouble();
		ChatFormat format = ChatFormat.of(text(arguments, "chat_output_format"), prompt.contains("TOOL"));
		return new ChatWork(endpoint, reply, (int) Math.min(Integer.MAX_VALUE, number(arguments, "max_gen_tokens", -1)),
				ChatPrompt.lengthOf(arguments), wordsPerSecond, format);
	}

	private Work image(Endpoint endpoint, Map<String, @Nullable Object> arguments, String prompt, int ordinal) {
		long asked = number(arguments, "seed", -1);
		long imageSeed = (asked != -1) ? asked
				: new SplittableRandom(this.seed + 0x9e3779b9L * (ordinal + 1)).nextLong(1L << 32);
		String given = text(arguments, "image");
		ImageSource source = given.isEmpty()
				? new DrawnImage(prompt, imageSeed, (int) number(arguments, "width", 1024),
						(int) number(arguments, "height", 1024))
				: new EditedImage(given, prompt, imageSeed, (int) number(arguments, "width", 0),
						(int) number(arguments, "height", 0));
		boolean previews = "decoded".equals(arguments.get("provide_progress_images"));
		return new ImageWork(endpoint, source, prompt, imageSeed, steps(endpoint, arguments), previews,
				Duration.ofSeconds(3));
	}

	// the turbo model declares 40 steps by default, and was seen to take 8
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
