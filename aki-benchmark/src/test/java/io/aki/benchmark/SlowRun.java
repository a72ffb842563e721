package io.aki.benchmark;

import java.io.IOException;
import java.util.List;

/**
 * Measures jobs with a slow server and with slow callbacks.
 */
final class SlowRun {

	private SlowRun() {
	}

	static Figures measure(Jdk jdk, Engine engine, Settings settings, String url)
			throws IOException, InterruptedException {
		try (ChildJvm child = ChildJvm.start(jdk, List.of("-Xmx512m"), SlowProgram.class, url, engine.name(),
				String.valueOf(settings.pauses()))) {
			Figures figures = child.end();
			return (figures != null) ? figures : new Figures();
		}
	}

}
