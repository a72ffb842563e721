package io.aki.client;

import java.util.Arrays;

import org.springframework.util.Assert;

/**
 * Rejects calls that wait for a result in a thread that must not block.
 */
final class BlockingCallGuard {

	/** By name: Reactor is optional. */
	private static final String NON_BLOCKING = "reactor.core.scheduler.NonBlocking";

	private static final ClassValue<Boolean> nonBlocking = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return isNonBlocking(type);
		}

	};

	private BlockingCallGuard() {
	}

	private static boolean isNonBlocking(Class<?> type) {
		Class<?> parent = type.getSuperclass();
		return NON_BLOCKING.equals(type.getName()) || (parent != null && isNonBlocking(parent))
				|| Arrays.stream(type.getInterfaces()).anyMatch(BlockingCallGuard::isNonBlocking);
	}

	/**
	 * Check that the calling thread may block.
	 * @throws IllegalStateException if it is a thread of Reactor that must not block
	 */
	static void assertMayBlock() {
		Thread thread = Thread.currentThread();
		Assert.state(!nonBlocking.get(thread.getClass()),
				() -> "This call waits for a result, but the thread '" + thread.getName()
						+ "' must not block. Use doApiRequestAsync(…), or subscribeOn(Schedulers.boundedElastic())");
	}

	/**
	 * Check that the calling thread may wait for the result of a job.
	 * @throws IllegalStateException if the thread runs the callback of the job, or is a
	 * thread of Reactor that must not block
	 */
	static void assertMayWaitFor(DefaultAkiJob job) {
		Assert.state(job != DefaultAkiJob.callingBack(),
				() -> "The result of " + job + " is awaited in the callback of this job, which would wait for itself."
						+ " Return from the callback first, or use result().thenAccept(…)");
		assertMayBlock();
	}

}
