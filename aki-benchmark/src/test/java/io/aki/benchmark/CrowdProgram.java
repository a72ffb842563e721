package io.aki.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiResult;

/**
 * Follows crowds of concurrent jobs in one JVM with one client, after a warm-up. While
 * all jobs wait, the program measures the CPU time per poll, the threads and the heap.
 * Then the jobs finish at different times, and the program measures the lag.
 */
final class CrowdProgram {

	/**
	 * The time in which the jobs finish. It is long enough to poll each job ten times, so
	 * that the lag is the lag of a running crowd.
	 */
	private static final int FINISHING_MILLISECONDS = 2000;

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "Tell me a story");

	private final ServerControl server;

	private final AkiClient client;

	private final int threadsBefore;

	private CrowdProgram(String url, Engine engine) {
		this.server = new ServerControl(url);
		this.threadsBefore = threads().size();
		this.client = engine.ours(url).client();
	}

	public static void main(String[] arguments) throws Exception {
		CrowdProgram program = new CrowdProgram(arguments[0], Engine.valueOf(arguments[1]));
		long warmUp = TimeUnit.SECONDS.toMillis(Long.parseLong(arguments[2]));
		long measured = TimeUnit.SECONDS.toMillis(Long.parseLong(arguments[3]));
		program.calls("blocking", warmUp / 2);
		program.crowd("warm-up", 1000, warmUp);
		program.calls("blocking", measured / 2);
		for (String size : arguments[4].split(",")) {
			program.crowd("crowd" + size, Integer.parseInt(size), measured);
		}
		Runtime.getRuntime().halt(0);
	}

	/**
	 * Measure consecutive blocking calls.
	 */
	private void calls(String name, long milliseconds) {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
		long cpu = Cpu.nanos();
		int calls = 0;
		for (; System.nanoTime() < end; calls++) {
			if (!this.client.doApiRequest(ExchangeBenchmark.PARAMS).success()) {
				throw new IllegalStateException("A blocking call failed");
			}
		}
		Console.print(name + ".cpu", (Cpu.nanos() - cpu) / 1000.0 / calls);
	}

	private void crowd(String name, int size, long milliseconds) throws Exception {
		long heapBefore = usedHeap();
		Crowd crowd = new Crowd(size);
		List<AkiJob> jobs = new ArrayList<>(size);
		long started = System.nanoTime();
		for (int i = 0; i < size; i++) {
			AkiJob job = this.client.doApiRequestAsync(PARAMS);
			jobs.add(job);
			job.result().whenComplete(crowd::ended);
		}
		while (jobs.stream().anyMatch((job) -> job.jobId() == null && !job.result().isDone())) {
			Thread.sleep(20);
		}
		Console.print(name + ".start", (System.nanoTime() - started) / 1e6);
		Thread.sleep(1000);
		long heap = (usedHeap() - heapBefore) / size;
		List<String> threads = threads();
		Thread.sleep(200);
		Figures countersBefore = this.server.counters();
		Cpu.machineLoad();
		long cpu = Cpu.nanos();
		long began = System.nanoTime();
		Thread.sleep(milliseconds);
		cpu = Cpu.nanos() - cpu;
		double seconds = (System.nanoTime() - began) / 1e9;
		double load = Cpu.machineLoad();
		Figures counters = this.server.counters();
		double polls = counters.number("polls") - countersBefore.number("polls");
		this.server.release(FINISHING_MILLISECONDS);
		crowd.ended.await(60, TimeUnit.SECONDS);
		Console.print(name + ".cpu", cpu / 1000.0 / polls);
		Console.print(name + ".polls", polls / seconds);
		Console.print(name + ".load", load);
		Console.print(name + ".serverCpu", (counters.number("cpu") - countersBefore.number("cpu")) / 1000.0 / polls);
		Console.print(name + ".heap", heap);
		Console.print(name + ".threads", threads.size() - this.threadsBefore);
		Console.print(name + ".ours", threads.stream().filter((thread) -> thread.startsWith("aki-client")).count());
		crowd.print(name);
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static List<String> threads() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
			.filter(Objects::nonNull)
			.map(ThreadInfo::getThreadName)
			.filter((name) -> !name.startsWith("Keep-Alive-"))
			.toList();
	}

	/**
	 * Records the ends of the jobs of a crowd.
	 */
	private static final class Crowd {

		private final int size;

		private final long[] lags;

		private final AtomicInteger succeeded = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		private final AtomicReference<String> error = new AtomicReference<>();

		private final CountDownLatch ended;

		Crowd(int size) {
			this.size = size;
			this.lags = new long[size];
			this.ended = new CountDownLatch(size);
		}

		void ended(AkiResult result, Throwable failure) {
			long now = System.nanoTime();
			if (result != null && result.success() && result.get("finished_at") instanceof Number finished) {
				this.lags[this.succeeded.getAndIncrement()] = now - finished.longValue();
			}
			else {
				this.failed.incrementAndGet();
				this.error.compareAndSet(null, (result != null) ? result.error() : String.valueOf(failure));
			}
			this.ended.countDown();
		}

		void print(String name) {
			long[] sorted = Arrays.copyOf(this.lags, this.succeeded.get());
			Arrays.sort(sorted);
			Console.print(name + ".failures", this.size - sorted.length);
			if (sorted.length > 0) {
				Console.print(name + ".p50", sorted[sorted.length / 2] / 1e6);
				Console.print(name + ".p99", sorted[(int) (sorted.length * 0.99)] / 1e6);
			}
			if (this.error.get() != null) {
				Console.say(name + ": " + this.error.get());
			}
		}

	}

}
