package io.aki.benchmark;

import java.util.EnumMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures one blocking call with JMH. The runs alternate between the bare engine and our
 * client.
 */
final class ExchangeRun {

	private ExchangeRun() {
	}

	static Map<Engine, Comparison> measure(Jdk jdk, Settings settings, String url) throws RunnerException {
		Map<Engine, List<RunResult>> bare = new EnumMap<>(Engine.class);
		Map<Engine, List<RunResult>> ours = new EnumMap<>(Engine.class);
		for (int i = 0; i < settings.exchangeRounds(); i++) {
			for (RunResult result : new Runner(new OptionsBuilder().include(ExchangeBenchmark.class.getName())
				.jvm(jdk.java())
				.jvmArgs("-D" + ExchangeBenchmark.SERVER + "=" + url, "-Xmx512m")
				.forks(1)
				.threads(1)
				.warmupIterations(1)
				.warmupTime(TimeValue.seconds(settings.exchangeSeconds() + 3))
				.measurementIterations(1)
				.measurementTime(TimeValue.seconds(settings.exchangeSeconds()))
				.addProfiler(CpuProfiler.class)
				.shouldFailOnError(true)
				.verbosity(VerboseMode.SILENT)
				.build()).run()) {
				Engine engine = Engine.valueOf(result.getParams().getParam("engine"));
				boolean isOurs = result.getParams().getBenchmark().endsWith(".ours");
				(isOurs ? ours : bare).computeIfAbsent(engine, (key) -> new ArrayList<>()).add(result);
			}
		}
		Map<Engine, Comparison> comparisons = new EnumMap<>(Engine.class);
		for (Engine engine : Engine.values()) {
			comparisons.put(engine, new Comparison(callsPerSecond(bare.get(engine)), cpu(bare.get(engine)),
					callsPerSecond(ours.get(engine)), cpu(ours.get(engine))));
		}
		return comparisons;
	}

	private static double callsPerSecond(List<RunResult> results) {
		return results.stream().mapToDouble((result) -> result.getPrimaryResult().getScore()).average().orElseThrow();
	}

	private static double cpu(List<RunResult> results) {
		return results.stream()
			.mapToDouble((result) -> result.getSecondaryResults().get(CpuProfiler.LABEL).getScore())
			.average()
			.orElseThrow();
	}

	/**
	 * Compares a call of the bare engine with a call of our client.
	 *
	 * @param bareCalls calls per second of the bare engine
	 * @param bareCpu microseconds of CPU time per call of the bare engine
	 * @param ourCalls calls per second of our client
	 * @param ourCpu microseconds of CPU time per call of our client
	 */
	record Comparison(double bareCalls, double bareCpu, double ourCalls, double ourCpu) {

		double ratio() {
			return this.ourCpu / this.bareCpu;
		}

	}

}
