package io.aki.benchmark;

import java.util.List;

/**
 * The durations and the numbers of repetitions of the measurements.
 *
 * @param exchangeRounds how often each kind of call is measured, alternately
 * @param exchangeSeconds how long each kind of call is measured; the warm-up before takes
 * 3 s longer
 * @param crowdWarmUpSeconds how long a crowd of 1,000 jobs warms up
 * @param crowdSeconds how long a crowd is measured while its jobs wait
 * @param crowds the sizes of the crowds
 * @param launches how often the application is started with and without the starter
 * @param images how often the image is fetched
 * @param pauses how often the server pauses
 * @param modelRounds how often a model of Spring AI and the client are measured,
 * alternately
 */
record Settings(int exchangeRounds, int exchangeSeconds, int crowdWarmUpSeconds, int crowdSeconds, List<Integer> crowds,
		int launches, int images, int pauses, int modelRounds) {

	static Settings full() {
		return new Settings(2, 4, 8, 4, List.of(100, 500, 1000, 5000, 10000), 15, 11, 10, 7);
	}

	static Settings quick() {
		return new Settings(1, 2, 4, 2, List.of(500, 1000, 5000), 2, 5, 2, 3);
	}

}
