package io.aki.secrets;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test if one of the test keys was logged during the test, at any level. It is
 * active for every test of the module, see {@code junit-platform.properties}.
 */
public class KeyLeakWatch implements AfterEachCallback, AfterAllCallback {

	private static final Logger ROOT = Logger.getLogger("");

	/**
	 * The loggers with which the servers of the tests and the JDK's HTTP engine log the
	 * HTTP traffic, see {@code docs/security.md}. The references are kept here, because
	 * the JDK keeps only weak references to loggers.
	 */
	private static final List<Logger> NOT_OURS = Stream
		.of("com.sun.net.httpserver", "jdk.internal.httpclient.debug", "jdk.internal.httpclient.hpack.debug",
				"jdk.internal.httpclient.websocket.debug", "jdk.httpclient.HttpClient",
				"sun.net.www.protocol.http.HttpURLConnection")
		.map(Logger::getLogger)
		.toList();

	static {
		// otherwise Spring Boot would configure the logging without the searching
		// appender
		System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
		NOT_OURS.forEach((logger) -> logger.setLevel(Level.OFF));
		for (Handler handler : ROOT.getHandlers()) {
			handler.setLevel(Level.WARNING);
		}
		ROOT.setLevel(Level.ALL);
		ROOT.addHandler(new SearchingHandler());
	}

	@Override
	public void afterEach(ExtensionContext context) {
		check();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		check();
	}

	private static void check() {
		List<String> found = LoggedKeys.take();
		if (!found.isEmpty()) {
			throw new AssertionError("The API key was logged:\n" + String.join("\n", found));
		}
	}

	private static final class SearchingHandler extends Handler {

		SearchingHandler() {
			setLevel(Level.ALL);
		}

		@Override
		public void publish(LogRecord event) {
			LoggedKeys.search(String.valueOf(event.getLoggerName()),
					new java.util.logging.SimpleFormatter().format(event));
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}
