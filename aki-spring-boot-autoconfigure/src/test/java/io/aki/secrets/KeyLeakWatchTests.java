package io.aki.secrets;

import java.util.logging.Level;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the search for keys in the logs of the tests is active.
 */
class KeyLeakWatchTests {

	@Test
	void keyInAMessageOfAnyLevelIsFound() {
		LogFactory.getLog("org.springframework.web.client").trace("key=" + TestKeys.KEY);
		assertFound();
	}

	@Test
	void keyInACauseOrASuppressedExceptionIsFound() {
		Exception thrown = new Exception("x", new Exception("key=se%2Fcr%2Bet%26key"));
		LogFactory.getLog("io.aki").debug("failed", thrown);
		assertFound();
		Exception suppressing = new Exception("x");
		suppressing.addSuppressed(new Exception(TestKeys.KEY));
		LogFactory.getLog("io.aki").debug("failed", suppressing);
		assertFound();
	}

	@Test
	void keyInAMessageOfTheJdkIsFound() {
		System.getLogger("jdk.event.security").log(System.Logger.Level.TRACE, "key=" + TestKeys.KEY);
		java.util.logging.Logger.getLogger("jdk").log(Level.FINEST, "x {0}", TestKeys.KEY);
		assertThat(LoggedKeys.take()).hasSize(2);
	}

	private static void assertFound() {
		assertThat(LoggedKeys.searched()).isPositive();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> new KeyLeakWatch().afterEach(null))
			.withMessageContaining("The API key was logged");
		assertThat(LoggedKeys.take()).isEmpty();
	}

}
