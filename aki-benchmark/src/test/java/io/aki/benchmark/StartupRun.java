package io.aki.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.aki.benchmark.startup.MinimalApplication;

/**
 * Measures the start of a minimal web application, alternately with and without the
 * starter.
 */
final class StartupRun {

	private StartupRun() {
	}

	static Startup measure(Jdk jdk, Settings settings, Path target) throws IOException, InterruptedException {
		String application = target.resolve("classes").toString();
		String without = application + ":" + Files.readString(target.resolve("without-starter.classpath")).strip();
		String with = application + ":" + Files.readString(target.resolve("with-starter.classpath")).strip();
		List<Figures> bare = new ArrayList<>();
		List<Figures> ours = new ArrayList<>();
		launch(jdk, without);
		launch(jdk, with);
		for (int i = 0; i < settings.launches(); i++) {
			bare.add(launch(jdk, without));
			ours.add(launch(jdk, with));
		}
		return new Startup(bare, ours);
	}

	private static Figures launch(Jdk jdk, String classPath) throws IOException, InterruptedException {
		try (ChildJvm child = ChildJvm.start(jdk, List.of("-Xmx256m", "-Dlogging.level.root=warn"), classPath,
				MinimalApplication.class, String.valueOf(System.nanoTime()))) {
			return child.end();
		}
	}

	/**
	 * The measured starts.
	 *
	 * @param bare the starts without the starter
	 * @param ours the starts with the starter
	 */
	record Startup(List<Figures> bare, List<Figures> ours) {

		double bare(String name) {
			return Median.of(this.bare, name);
		}

		double ours(String name) {
			return Median.of(this.ours, name);
		}

		double ratio(String name) {
			return ours(name) / bare(name);
		}

	}

}
