package io.aki.client;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Breaks an answer off. Closing a response reads it to its end first, to keep the
 * connection; an answer that is too large or too slow may have none.
 */
final class AnswerAbort {

	private AnswerAbort() {
	}

	/**
	 * Abort a body: closing it is enough for the JDK's, while that of Apache HttpClient,
	 * which this package does not know, has a method for it.
	 */
	static void abort(InputStream body) {
		Method abort = ClassUtils.getMethodIfAvailable(body.getClass(), "abort");
		try {
			if (abort != null) {
				ReflectionUtils.invokeMethod(abort, body);
			}
			else {
				body.close();
			}
		}
		catch (IOException | RuntimeException ex) {
			// what is broken off need not end well
		}
	}

}
