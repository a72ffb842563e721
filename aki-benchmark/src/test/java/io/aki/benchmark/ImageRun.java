package io.aki.benchmark;

import java.io.IOException;
import java.util.List;

/**
 * Measures the heap and the time that an image of 20 MB needs.
 */
final class ImageRun {

	static final int IMAGE_MEGABYTES = 20;

	private static final int STEP_MEGABYTES = 4;

	private static final int MAX_MEGABYTES = 256;

	private ImageRun() {
	}

	static Image measure(Jdk jdk, Engine engine, Settings settings, String url)
			throws IOException, InterruptedException {
		Figures times;
		try (ChildJvm child = ChildJvm.start(jdk, List.of("-Xmx1g"), ImageProgram.class, url, engine.name(), "compare",
				String.valueOf(settings.images()))) {
			times = child.end();
		}
		return new Image(smallestHeap(jdk, engine, url, "image"), smallestHeap(jdk, engine, url, "small_image"),
				times.number("bare"), times.number("ours"));
	}

	/**
	 * Search for the smallest heap with which the image can be fetched, in steps of 4 MB.
	 * The result depends only on the objects that are live at the peak.
	 */
	private static int smallestHeap(Jdk jdk, Engine engine, String url, String endpoint)
			throws IOException, InterruptedException {
		int tooSmall = 1;
		int enough = MAX_MEGABYTES / STEP_MEGABYTES;
		while (enough - tooSmall > 1) {
			int middle = (tooSmall + enough) / 2;
			if (passes(jdk, engine, url, endpoint, middle * STEP_MEGABYTES)) {
				enough = middle;
			}
			else {
				tooSmall = middle;
			}
		}
		return enough * STEP_MEGABYTES;
	}

	private static boolean passes(Jdk jdk, Engine engine, String url, String endpoint, int megabytes)
			throws IOException, InterruptedException {
		try (ChildJvm child = ChildJvm.startSilently(jdk,
				List.of("-Xmx" + megabytes + "m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"), ImageProgram.class,
				url, engine.name(), "once", endpoint)) {
			return child.end() != null;
		}
	}

	/**
	 * The heap and the time that an image needs.
	 *
	 * @param heap the smallest heap with which the image can be fetched, in MB
	 * @param heapWithoutImage the same for an image of 1 KB
	 * @param bareMillis the time in which the bare engine fetches and decodes the bytes
	 * @param ourMillis the time of our client
	 */
	record Image(int heap, int heapWithoutImage, double bareMillis, double ourMillis) {

	}

}
