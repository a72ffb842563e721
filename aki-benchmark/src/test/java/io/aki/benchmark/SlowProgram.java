package io.aki.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiResult;

/**
 * Follows jobs while the server pauses or responds slowly, and jobs with slow callbacks.
 */
final class SlowProgram {

	static final int JOBS = 10_000;

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "Tell me a story");

	private static final int FEW_THREADS = 24;

	private final ServerControl server;

	private final AkiClient client;

	private SlowProgram(String url, Engine engine) {
		this.server = new ServerControl(url);
		this.client = engine.ours(url).client();
	}

	public static void main(String[] arguments) throws Exception {
		SlowProgram program = new SlowProgram(arguments[0], Engine.valueOf(arguments[1]));
		program.pauses(Integer.parseInt(arguments[2]));
		program.callbacks();
		program.starts();
		program.cancels();
		Runtime.getRuntime().halt(0);
	}

	/**
	 * Pause the server while the client fetches the results of 64 jobs.
	 */
	private void pauses(int count) throws Exception {
		int jobs = 64;
		int lost = 0;
		long threads = 0;
		for (int i = 0; i < count; i++) {
			List<AkiJob> started = start(jobs);
			this.server.release(1000);
			Thread.sleep(200);
			this.server.pause(3000);
			Thread.sleep(2500);
			threads = Math.max(threads, threads());
			for (AkiJob job : started) {
				AkiResult result = job.result().get(60, TimeUnit.SECONDS);
				if (!result.success()) {
					lost++;
					Console.say("lost: " + result.error());
				}
			}
		}
		Console.print("pause.jobs", count * jobs);
		Console.print("pause.lost", lost);
		Console.print("pause.threads", threads);
		long ended = System.nanoTime();
		List<AkiJob> quiet = start(1000);
		while (threads() > FEW_THREADS && System.nanoTime() - ended < TimeUnit.SECONDS.toNanos(60)) {
			Thread.sleep(100);
		}
		Console.print("pause.back", (System.nanoTime() - ended) / 1e9);
		finish(quiet);
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("aki-client"))
			.count();
	}

	private List<AkiJob> start(int count) throws Exception {
		List<AkiJob> jobs = IntStream.range(0, count).mapToObj((i) -> this.client.doApiRequestAsync(PARAMS)).toList();
		awaitAcceptance(jobs);
		return jobs;
	}

	private static void awaitAcceptance(List<AkiJob> jobs) throws InterruptedException {
		while (jobs.stream().anyMatch((job) -> job.jobId() == null && !job.result().isDone())) {
			Thread.sleep(20);
		}
	}

	private void finish(List<AkiJob> jobs) throws Exception {
		this.server.release(1000);
		for (AkiJob job : jobs) {
			job.result().get(60, TimeUnit.SECONDS);
		}
	}

	/**
	 * Measure the time between two consecutive callbacks of a job.
	 */
	private void callbacks() throws Exception {
		Queue<Long> periods = new ConcurrentLinkedQueue<>();
		long began = System.nanoTime();
		List<AkiJob> jobs = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			long[] last = { 0 };
			jobs.add(this.client.doApiRequestAsync(PARAMS, (info, data) -> {
				long now = System.nanoTime();
				// skip the first seconds, in which the client adds threads
				if (last[0] != 0 && now - began > TimeUnit.SECONDS.toNanos(3)) {
					periods.add(now - last[0]);
				}
				last[0] = now;
				sleep(40);
			}));
		}
		awaitAcceptance(jobs);
		Thread.sleep(10_000);
		finish(jobs);
		long[] sorted = periods.stream().mapToLong(Long::longValue).sorted().toArray();
		Console.print("callbacks.period", sorted[sorted.length / 2] / 1e6);
	}

	private static void sleep(long milliseconds) {
		try {
			Thread.sleep(milliseconds);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Measure when the server accepts the last of 200 calls. It needs 1 s to accept a
	 * call.
	 */
	private void starts() throws Exception {
		Queue<AkiJob> jobs = new ConcurrentLinkedQueue<>();
		this.server.delay(1000);
		Console.print("starts.blocking", last((client) -> client.doApiRequest(PARAMS)));
		Console.print("starts.followed", last((client) -> {
			AkiJob job = client.doApiRequestAsync(PARAMS);
			job.progress().findFirst();
			return jobs.add(job);
		}));
		this.server.delay(0);
		finish(List.copyOf(jobs));
	}

	private double last(Function<AkiClient, Object> call) throws Exception {
		int callers = 200;
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		List<Callable<Long>> calls = new ArrayList<>();
		long began = System.nanoTime();
		for (int i = 0; i < callers; i++) {
			calls.add(() -> {
				call.apply(this.client);
				return System.nanoTime() - began;
			});
		}
		long last = 0;
		for (Future<Long> end : threads.invokeAll(calls)) {
			last = Math.max(last, end.get());
		}
		threads.shutdown();
		return last / 1e9;
	}

	/**
	 * Measure cancellations among 10,000 jobs. The server responds to a poll after 100
	 * ms.
	 */
	private void cancels() throws Exception {
		List<AkiJob> jobs = start(JOBS);
		this.server.delay(100);
		Thread.sleep(3000);
		double[] times = new double[5];
		for (int i = 0; i < times.length; i++) {
			String id = jobs.get(jobs.size() - 1 - 100 * i).jobId();
			long began = System.nanoTime();
			this.client.cancelRequest(id);
			times[i] = (System.nanoTime() - began) / 1e9;
		}
		Console.print("cancels.request", Arrays.stream(times).max().orElseThrow());
		start(times.length);
		double before = this.server.counters().number("cancels");
		long began = System.nanoTime();
		this.client.close();
		Console.print("cancels.close", (System.nanoTime() - began) / 1e9);
		this.server.delay(0);
		Console.print("cancels.closed", this.server.counters().number("cancels") - before);
	}

}
