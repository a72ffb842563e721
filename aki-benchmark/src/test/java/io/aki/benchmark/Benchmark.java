package io.aki.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Measures all parts on JDK 17 and on the newest JDK of the machine, and prints the table
 * that {@code docs/performance.md} shows.
 */
final class Benchmark {

	private static final Set<String> PARTS = Set.of("exchange", "crowd", "slow", "image", "startup", "stream", "model");

	private final Settings settings;

	private final Set<String> parts;

	private final Path target;

	private final Report report = new Report();

	private Benchmark(Path target, Set<String> words) {
		this.target = target;
		this.settings = words.contains("quick") ? Settings.quick() : Settings.full();
		this.parts = new HashSet<>(words);
		this.parts.retainAll(PARTS);
	}

	/**
	 * Run the benchmark.
	 * @param arguments the build directory, optionally {@code quick}, and the parts to
	 * measure; without parts, all are measured
	 */
	public static void main(String[] arguments) throws Exception {
		Benchmark benchmark = new Benchmark(Path.of(arguments[0]),
				Set.copyOf(Arrays.asList(arguments).subList(1, arguments.length)));
		for (Jdk jdk : Jdk.compared()) {
			benchmark.measure(jdk);
		}
		Console.say(benchmark.write());
		Console.say(benchmark.report.allPass() ? "All bounds hold" : "Some bounds do not hold");
	}

	private void measure(Jdk jdk) throws Exception {
		if (measures("startup")) {
			Console.say(jdk + ": start-up");
			this.report.startup(jdk, StartupRun.measure(jdk, this.settings, this.target));
			write();
		}
		try (ServerProcess server = new ServerProcess(jdk)) {
			if (measures("exchange")) {
				Console.say(jdk + ": one blocking call");
				this.report.exchange(jdk, ExchangeRun.measure(jdk, this.settings, server.url()));
				write();
			}
			if (measures("stream")) {
				Console.say(jdk + ": event streams of a web application");
				try (ChildJvm child = ChildJvm.start(jdk, List.of("-Xmx512m"), StreamProgram.class, server.url())) {
					this.report.streams(jdk, child.end());
				}
				write();
			}
			for (Engine engine : Engine.values()) {
				if (measures("crowd")) {
					Console.say(jdk + ", " + engine + ": crowds of jobs");
					this.report.crowd(jdk, engine, CrowdRun.measure(jdk, engine, this.settings, server.url()));
					write();
				}
				if (measures("slow")) {
					Console.say(jdk + ", " + engine + ": a slow server and slow callbacks");
					this.report.slow(jdk, engine, SlowRun.measure(jdk, engine, this.settings, server.url()));
					write();
				}
				if (measures("model")) {
					Console.say(jdk + ", " + engine + ": a chat model of Spring AI");
					try (ChildJvm child = ChildJvm.start(jdk, List.of("-Xmx512m"), ModelProgram.class, server.url(),
							engine.name(), String.valueOf(this.settings.exchangeSeconds()),
							String.valueOf(this.settings.modelRounds()))) {
						this.report.model(jdk, engine, child.end());
					}
					write();
				}
				if (measures("image")) {
					Console.say(jdk + ", " + engine + ": an image of 20 MB");
					this.report.image(jdk, engine, ImageRun.measure(jdk, engine, this.settings, server.url()));
					write();
				}
			}
		}
	}

	private boolean measures(String part) {
		return this.parts.isEmpty() || this.parts.contains(part);
	}

	/**
	 * Write the results so far, so that an interrupted run does not lose them.
	 */
	private String write() throws IOException {
		String markdown = "Measured on " + LocalDate.now() + " on " + machine() + ".\n" + this.report.markdown();
		Files.writeString(this.target.resolve("performance.md"), markdown);
		return markdown;
	}

	private static String machine() throws IOException {
		List<String> cpu = Files.readAllLines(Path.of("/proc/cpuinfo"));
		String model = cpu.stream()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.findFirst()
			.orElse(System.getProperty("os.arch"));
		long memory = Long.parseLong(Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", ""));
		return Runtime.getRuntime().availableProcessors() + " cores of " + model + ", " + Math.round(memory / 1048576.0)
				+ " GB, " + System.getProperty("os.name") + " "
				+ System.getProperty("os.version").replaceAll("-.*", "");
	}

}
