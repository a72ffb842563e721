package io.aki.spring.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AkiEmulatorRequest;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AutoConfigureAkiEmulator} on several test classes. JUnit runs these
 * classes, one after the other or concurrently.
 */
@Timeout(120)
class SharedAkiEmulatorTests {

	private static final Map<Class<?>, Object> contexts = new ConcurrentHashMap<>();

	private static final Map<Class<?>, AkiEmulator> emulators = new ConcurrentHashMap<>();

	private static CountDownLatch slowHasCalled = new CountDownLatch(1);

	private static CountDownLatch quickHasEnded = new CountDownLatch(1);

	private static CyclicBarrier both = new CyclicBarrier(2);

	@BeforeEach
	void forget() {
		contexts.clear();
		emulators.clear();
		slowHasCalled = new CountDownLatch(1);
		quickHasEnded = new CountDownLatch(1);
		both = new CyclicBarrier(2);
	}

	@Test
	void sameAnnotationMeansSameContextAndEmulator() {
		run(false, One.class, Same.class);
		assertThat(contexts.get(One.class)).isNotNull().isSameAs(contexts.get(Same.class));
		assertThat(emulators.get(One.class)).isNotNull().isSameAs(emulators.get(Same.class));
	}

	@Test
	void otherAttributesMeanAnotherContextAndEmulator() {
		run(false, One.class, OtherPace.class, OtherSeed.class);
		assertThat(contexts.values()).hasSize(3).doesNotHaveDuplicates();
		assertThat(emulators.values()).hasSize(3).doesNotHaveDuplicates();
		assertThat(emulators.values()).extracting(AkiEmulator::port).doesNotHaveDuplicates();
	}

	@Test
	void testThatEndsTakesNothingFromOneThatRuns() {
		run(true, Slow.class, Quick.class);
		assertThat(emulators.get(Slow.class)).isSameAs(emulators.get(Quick.class));
		assertThat(emulators.get(Slow.class).requests()).as("reset after the last one").isEmpty();
		assertThat(emulators.get(Slow.class).replies().left()).isEmpty();
	}

	@Test
	void contextsThatRunAtOnceDoNotMix() {
		run(true, Left.class, Right.class);
		assertThat(emulators.get(Left.class)).isNotSameAs(emulators.get(Right.class));
	}

	@Test
	void methodsThatRunAtOnceShareTheEmulatorUntilTheLastOneEnds() {
		run(true, Methods.class);
		assertThat(emulators.get(Methods.class).requests()).isEmpty();
		assertThat(emulators.get(Methods.class).replies().left()).isEmpty();
	}

	private static void run(boolean atOnce, Class<?>... testClasses) {
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(List.of(testClasses).stream().map(DiscoverySelectors::selectClass).toList())
			.configurationParameter("junit.jupiter.execution.parallel.enabled", String.valueOf(atOnce))
			.configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
			.configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
			.configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
			.configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
			.build();
		// exclude the listeners that report the tests of this build
		Launcher launcher = LauncherFactory.create(LauncherConfig.builder()
			.enableTestExecutionListenerAutoRegistration(false)
			.enableLauncherSessionListenerAutoRegistration(false)
			.build());
		SummaryGeneratingListener summary = new SummaryGeneratingListener();
		launcher.execute(request, summary, new Ends());
		summary.getSummary().getFailures().forEach((failure) -> {
			throw new AssertionError(failure.getTestIdentifier().getDisplayName(), failure.getException());
		});
		assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(summary.getSummary().getTestsFoundCount())
			.isGreaterThanOrEqualTo(testClasses.length);
	}

	private static void await(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * Reports the end of the test class {@link Quick}, including everything that follows
	 * its tests.
	 */
	private static final class Ends implements TestExecutionListener {

		@Override
		public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
			identifier.getSource()
				.filter((source) -> source instanceof ClassSource test
						&& test.getClassName().equals(Quick.class.getName()))
				.ifPresent((source) -> quickHasEnded.countDown());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	@SpringJUnitConfig(Application.class)
	abstract static class Recorded {

		@Autowired
		AkiClient aki;

		@Autowired
		AkiEmulator emulator;

		@Autowired
		ApplicationContext context;

		@BeforeEach
		void record() {
			contexts.put(getClass(), this.context);
			emulators.put(getClass(), this.emulator);
		}

		String ask(String prompt) {
			return this.aki.forEndpoint("llama3_8b_chat").doApiRequest(Map.of("prompt_input", prompt)).text();
		}

		List<Object> prompts() {
			return this.emulator.requests()
				.stream()
				.map(AkiEmulatorRequest::params)
				.<Object>map((params) -> params.get("prompt_input"))
				.toList();
		}

	}

	@AutoConfigureAkiEmulator
	static class One extends Recorded {

		@Test
		void asks() {
			assertThat(prompts()).isEmpty();
			ask("Hello");
			assertThat(prompts()).containsExactly("Hello");
		}

	}

	@AutoConfigureAkiEmulator
	static class Same extends Recorded {

		@Test
		void asks() {
			assertThat(prompts()).isEmpty();
			ask("Hello");
			assertThat(prompts()).containsExactly("Hello");
		}

	}

	@AutoConfigureAkiEmulator(pace = 50)
	static class OtherPace extends One {

	}

	@AutoConfigureAkiEmulator(seed = 2)
	static class OtherSeed extends One {

	}

	@AutoConfigureAkiEmulator
	static class Slow extends Recorded {

		@Test
		void keepsWhatItHasSaidAndAsked() throws Exception {
			this.emulator.faults().add(AkiEmulatorFault.status(400).onEndpoint("z_image_turbo"));
			this.emulator.replies()
				.add(AkiEmulatorReply.text("Late").onPrompt((prompt) -> prompt.startsWith("slow")).always());
			ask("slow, before");
			slowHasCalled.countDown();
			await(quickHasEnded);
			assertThat(this.emulator.replies().left()).as("what the neighbour added has gone").hasSize(1);
			assertThat(this.aki.forEndpoint("xttsv2").doApiRequest(Map.of("text", "x")).error()).isNull();
			assertThat(ask("slow, after")).isEqualTo("Late");
			assertThat(prompts()).contains("slow, before", "quick", "slow, after");
			assertThat(this.aki.forEndpoint("z_image_turbo").doApiRequest(Map.of("prompt", "x")).errorCode())
				.isEqualTo(400);
		}

	}

	@AutoConfigureAkiEmulator
	static class Quick extends Recorded {

		@Test
		void seesItsNeighbour() throws Exception {
			await(slowHasCalled);
			this.emulator.faults().add(AkiEmulatorFault.status(400).onEndpoint("xttsv2").always());
			this.emulator.replies().add(AkiEmulatorReply.text("Never").onPrompt("never"::equals));
			assertThat(ask("quick")).isNotEqualTo("Late");
			assertThat(prompts()).containsExactly("slow, before", "quick");
		}

	}

	@AutoConfigureAkiEmulator(seed = 11)
	static class Left extends Recorded {

		@Test
		void seesItsOwnRequests() throws Exception {
			askAlone("left");
		}

		void askAlone(String name) throws Exception {
			this.emulator.replies().add(AkiEmulatorReply.text(name).always());
			both.await(60, TimeUnit.SECONDS);
			List<String> own = IntStream.range(0, 20).mapToObj((i) -> name + " " + i).toList();
			assertThat(own).allSatisfy((prompt) -> assertThat(ask(prompt)).isEqualTo(name));
			both.await(60, TimeUnit.SECONDS);
			assertThat(prompts()).containsExactlyElementsOf(own);
		}

	}

	@AutoConfigureAkiEmulator(seed = 12)
	static class Right extends Left {

		@Override
		@Test
		void seesItsOwnRequests() throws Exception {
			askAlone("right");
		}

	}

	@AutoConfigureAkiEmulator
	static class Methods extends Recorded {

		@Test
		void first() throws Exception {
			askBesideTheOther("first");
		}

		@Test
		void second() throws Exception {
			askBesideTheOther("second");
		}

		private void askBesideTheOther(String name) throws Exception {
			this.emulator.replies().add(AkiEmulatorReply.text("to " + name).onPrompt(name::equals).always());
			both.await(60, TimeUnit.SECONDS);
			assertThat(ask(name)).isEqualTo("to " + name);
			both.await(60, TimeUnit.SECONDS);
			assertThat(prompts()).containsExactlyInAnyOrder("first", "second");
			both.await(60, TimeUnit.SECONDS);
		}

	}

}
