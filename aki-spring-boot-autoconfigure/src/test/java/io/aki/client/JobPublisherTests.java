package io.aki.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the Reactive Streams TCK for the publishers of a job. A publisher of a job skips
 * progress that a slow subscriber does not request in time. To publish a given number of
 * elements, the source adds an element only when the subscriber has received the previous
 * one.
 */
class JobPublisherTests {

	@TestFactory
	Stream<DynamicTest> progressPublisherConformsToReactiveStreams() {
		return verify(ProgressPublisher.class);
	}

	@TestFactory
	Stream<DynamicTest> textPublisherConformsToReactiveStreams() {
		return verify(TextPublisher.class);
	}

	private static Stream<DynamicTest> verify(Class<?> verification) {
		Results results = new Results();
		TestNG testng = new TestNG(false);
		testng.setTestClasses(new Class<?>[] { verification });
		testng.addListener(results);
		testng.setVerbose(0);
		testng.run();
		assertThat(results.passed).isGreaterThanOrEqualTo(25);
		return results.failures.entrySet().stream().map((result) -> DynamicTest.dynamicTest(result.getKey(), () -> {
			if (result.getValue() != null) {
				throw result.getValue();
			}
		}));
	}

	private static final class Results implements ITestListener {

		private final Map<String, Throwable> failures = new LinkedHashMap<>();

		private int passed;

		@Override
		public void onTestSuccess(ITestResult result) {
			this.passed++;
			this.failures.put(result.getName(), null);
		}

		@Override
		public void onTestFailure(ITestResult result) {
			this.failures.put(result.getName(), result.getThrowable());
		}

	}

	public static class ProgressPublisher extends FlowPublisherVerification<AkiProgress> {

		public ProgressPublisher() {
			super(new TestEnvironment(500, 100));
		}

		@Override
		public Flow.Publisher<AkiProgress> createFlowPublisher(long elements) {
			return new Source<AkiProgress>(elements) {

				@Override
				Flow.Publisher<AkiProgress> publisher(JobReaders readers) {
					return readers.publisher(LatestProgress::new);
				}

			};
		}

		@Override
		public Flow.Publisher<AkiProgress> createFailedFlowPublisher() {
			return failed().publisher(LatestProgress::new);
		}

	}

	public static class TextPublisher extends FlowPublisherVerification<String> {

		public TextPublisher() {
			super(new TestEnvironment(500, 100));
		}

		@Override
		public Flow.Publisher<String> createFlowPublisher(long elements) {
			return new Source<String>(elements) {

				@Override
				Flow.Publisher<String> publisher(JobReaders readers) {
					return readers.publisher(AnswerDeltas::new);
				}

			};
		}

		@Override
		public Flow.Publisher<String> createFailedFlowPublisher() {
			return failed().publisher(AnswerDeltas::new);
		}

	}

	private static JobReaders failed() {
		JobReaders readers = new JobReaders(() -> {
		}, () -> {
		});
		readers.end(AkiResult.of(Map.of("success", false, "error", "failed")), new IllegalStateException("failed"));
		return readers;
	}

	/**
	 * A job that publishes a number of elements to each of its subscribers.
	 */
	private abstract static class Source<T> implements Flow.Publisher<T> {

		private final long elements;

		Source(long elements) {
			this.elements = elements;
		}

		abstract Flow.Publisher<T> publisher(JobReaders readers);

		@Override
		public void subscribe(Flow.Subscriber<? super T> subscriber) {
			JobReaders readers = new JobReaders(() -> {
			}, () -> {
			});
			AtomicLong published = new AtomicLong();
			Runnable next = () -> {
				if (published.get() < this.elements) {
					String text = "x".repeat((int) Math.min(published.incrementAndGet(), 1000));
					AkiProgressInfo info = new AkiProgressInfo("j#1", -1, 0, -1, AkiJobState.RUNNING, "processing",
							true);
					readers.publish(
							new AkiProgress(info, new AkiProgressData(Map.of("text", text), OutputConversion.NONE)));
				}
				else {
					readers.end(AkiResult.of(Map.of("success", true)), null);
				}
				readers.deliver();
			};
			publisher(readers).subscribe((subscriber != null) ? new Flow.Subscriber<T>() {

				@Override
				public void onSubscribe(Flow.Subscription subscription) {
					subscriber.onSubscribe(subscription);
				}

				@Override
				public void onNext(T element) {
					subscriber.onNext(element);
					next.run();
				}

				@Override
				public void onError(Throwable failure) {
					subscriber.onError(failure);
				}

				@Override
				public void onComplete() {
					subscriber.onComplete();
				}

			} : null);
			next.run();
		}

	}

}
