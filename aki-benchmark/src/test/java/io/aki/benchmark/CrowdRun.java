package io.aki.benchmark;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures crowds of jobs in a JVM with a heap of 512 MB.
 */
final class CrowdRun {

	static final double INTERVAL_MILLIS = 200;

	/**
	 * Above this load of the machine, jobs wait for the CPU and not for our client. The
	 * two cores are shared with the server process, so that they are never busy all the
	 * time.
	 */
	private static final double SATURATED = 0.85;

	private CrowdRun() {
	}

	static Crowds measure(Jdk jdk, Engine engine, Settings settings, String url)
			throws IOException, InterruptedException {
		try (ChildJvm child = ChildJvm.start(jdk, List.of("-Xmx512m"), CrowdProgram.class, url, engine.name(),
				String.valueOf(settings.crowdWarmUpSeconds()), String.valueOf(settings.crowdSeconds()),
				settings.crowds().stream().map(String::valueOf).collect(Collectors.joining(",")))) {
			Figures figures = child.end();
			return new Crowds(settings.crowds(), (figures != null) ? figures : new Figures());
		}
	}

	/**
	 * The figures of all crowds of a JVM.
	 *
	 * @param sizes the numbers of jobs
	 * @param figures the figures, as printed by the program
	 */
	record Crowds(List<Integer> sizes, Figures figures) {

		double number(int size, String name) {
			return this.figures.number("crowd" + size + "." + name);
		}

		double blockingCpu() {
			return this.figures.number("blocking.cpu");
		}

		boolean isSaturated(int size) {
			return number(size, "load") > SATURATED;
		}

	}

}
