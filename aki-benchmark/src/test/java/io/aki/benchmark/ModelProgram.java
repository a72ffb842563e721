package io.aki.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiChatModel;
import io.aki.spring.ai.AkiChatOptions;

import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Compares a call of Spring AI's chat model with the same call of the client. The rounds
 * alternate between the two.
 */
final class ModelProgram {

	private static final int THREADS = 64;

	private static final Prompt PROMPT = new Prompt(new SystemMessage("You are a helpful assistant."),
			new UserMessage("Tell me a story about a robot on a beach."));

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final long roundNanos;

	private ModelProgram(long roundNanos) {
		this.roundNanos = roundNanos;
	}

	public static void main(String[] arguments) throws Exception {
		String url = arguments[0];
		ServerControl server = new ServerControl(url);
		AkiClient client = Engine.valueOf(arguments[1]).ours(url).client();
		AkiChatModel model = AkiChatModel.builder(client)
			.options(AkiChatOptions.builder().model(Engine.ENDPOINT).maxTokens(200).temperature(0.8).build())
			.build();
		ModelProgram program = new ModelProgram(TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2])));
		server.finishAtOnce(true);
		List<Double> clientCpu = new ArrayList<>();
		List<Double> modelCpu = new ArrayList<>();
		int rounds = Integer.parseInt(arguments[3]);
		for (int i = 0; i <= rounds; i++) {
			double ofClient = program
				.cpuPerCall(() -> client.doApiRequestAwait(ExchangeBenchmark.PARAMS).orThrow().answer());
			double ofModel = program.cpuPerCall(() -> model.call(PROMPT).getResult().getOutput().getText());
			// the first round is the warm-up
			if (i > 0) {
				clientCpu.add(ofClient);
				modelCpu.add(ofModel);
			}
		}
		server.finishAtOnce(false);
		Console.print("client.cpu", Median.of(clientCpu.stream().mapToDouble(Double::doubleValue).toArray()));
		Console.print("model.cpu", Median.of(modelCpu.stream().mapToDouble(Double::doubleValue).toArray()));
		Runtime.getRuntime().halt(0);
	}

	/**
	 * Measure calls in several threads. Each call waits for a poll.
	 * @return microseconds of CPU time per call
	 */
	private double cpuPerCall(Call call) throws Exception {
		long end = System.nanoTime() + this.roundNanos;
		long cpu = Cpu.nanos();
		List<Future<Integer>> counts = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			counts.add(this.threads.submit(() -> {
				int calls = 0;
				for (; System.nanoTime() < end; calls++) {
					if (call.answer().isEmpty()) {
						throw new IllegalStateException("A call returned no answer");
					}
				}
				return calls;
			}));
		}
		int calls = 0;
		for (Future<Integer> count : counts) {
			calls += count.get();
		}
		return (Cpu.nanos() - cpu) / 1000.0 / calls;
	}

	private interface Call {

		String answer();

	}

}
