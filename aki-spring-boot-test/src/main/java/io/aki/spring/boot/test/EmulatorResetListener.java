package io.aki.spring.boot.test;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Resets the emulator of {@link AutoConfigureAkiEmulator} after a test method. If another
 * test uses the emulator at that time, only the faults and replies of the ended test are
 * removed. They are identified by the current thread, because JUnit runs a test method in
 * one thread.
 */
class EmulatorResetListener extends AbstractTestExecutionListener {

	private static final String IN_USE = EmulatorResetListener.class.getName();

	private static final Map<AkiEmulator, Integer> users = new ConcurrentHashMap<>();

	@Override
	public void beforeTestMethod(TestContext testContext) {
		AkiEmulator emulator = find(testContext);
		if (emulator != null) {
			users.merge(emulator, 1, Integer::sum);
			testContext.setAttribute(IN_USE, emulator);
		}
	}

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (testContext.removeAttribute(IN_USE) instanceof AkiEmulator emulator) {
			users.computeIfPresent(emulator, EmulatorResetListener::release);
		}
	}

	private static @Nullable Integer release(AkiEmulator emulator, Integer count) {
		if (count > 1) {
			emulator.resetThread();
			return count - 1;
		}
		emulator.reset();
		return null;
	}

	private static @Nullable AkiEmulator find(TestContext testContext) {
		return (TestContextAnnotationUtils.hasAnnotation(testContext.getTestClass(), AutoConfigureAkiEmulator.class)
				&& testContext.hasApplicationContext())
						? testContext.getApplicationContext().getBeanProvider(AkiEmulator.class).getIfAvailable()
						: null;
	}

}
