package io.aki.secrets;

import java.util.Set;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;

/**
 * Searches all log events, at every level, for the keys of the tests. It does not write
 * the events.
 */
public class KeySearchingAppender extends AppenderBase<ILoggingEvent> {

	/**
	 * The loggers with which HTTP engines log the HTTP traffic, see
	 * {@code docs/security.md}. An engine may log the request itself.
	 */
	static final Set<String> NOT_OURS = Set.of("org.apache.hc.client5.http.wire", "org.apache.hc.client5.http.headers",
			"org.apache.hc.client5.http.impl.classic.MainClientExec",
			"org.apache.hc.client5.http.impl.io.LenientHttpResponseParser");

	@Override
	protected void append(ILoggingEvent event) {
		if (NOT_OURS.contains(event.getLoggerName())) {
			return;
		}
		LoggedKeys.search(event.getLoggerName(), event.getFormattedMessage());
		search(event.getLoggerName(), event.getThrowableProxy());
	}

	private void search(String logger, IThrowableProxy thrown) {
		if (thrown == null || thrown.isCyclic()) {
			return;
		}
		LoggedKeys.search(logger, thrown.getClassName() + ": " + thrown.getMessage());
		search(logger, thrown.getCause());
		for (IThrowableProxy suppressed : thrown.getSuppressed()) {
			search(logger, suppressed);
		}
	}

}
