package io.aki.benchmark;

import java.io.IOException;
import java.util.List;

/**
 * Measures what an image of 20 MB costs.
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
	 * Search for the smallest heap, in steps of 4 MB, with which the image comes through:
	 * what is live at the peak fits into it, and nothing else counts.
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
	 * What an image costs.
	 *
	 * @param heap the smallest heap it comes through with, in MB
	 * @param heapWithoutImage the same for an image of 1 KB
	 * @param bareMillis fetching the bytes and decoding them
	 * @param ourMillis ours
	 */
	record Image(int heap, int heapWithoutImage, double bareMillis, double ourMillis) {

	}

}
