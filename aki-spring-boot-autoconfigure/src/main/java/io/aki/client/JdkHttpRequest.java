package io.aki.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A request of the JDK's engine that costs no thread beside the caller's and the
 * engine's: the body is sent as the bytes that it is, and the caller reads the answer
 * itself. An interrupt ends it at any moment.
 */
final class JdkHttpRequest extends EngineRequest {

	/**
	 * The engine sets these itself, and refuses to be given them.
	 */
	private static final Set<String> SET_BY_ENGINE = Set.of("connection", "content-length", "expect", "host",
			"upgrade");

	private static final String GZIP = "gzip";

	private final HttpClient client;

	JdkHttpRequest(HttpClient client, URI uri, HttpMethod method) {
		super(uri, method);
		this.client = client;
	}

	@Override
	protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
		RequestTimes times = RequestTimes.of(getAttributes());
		JdkAnswerHandler answer = new JdkAnswerHandler(times.deadline());
		try {
			return new JdkHttpResponse(this.client.send(request(headers, times), answer));
		}
		catch (InterruptedException ex) {
			answer.abandon();
			Thread.currentThread().interrupt();
			InterruptedIOException interrupted = new InterruptedIOException("Interrupted while waiting for the answer");
			interrupted.initCause(ex);
			throw interrupted;
		}
	}

	private HttpRequest request(HttpHeaders headers, RequestTimes times) throws IOException {
		HttpRequest.Builder builder = HttpRequest.newBuilder(getURI()).method(getMethod().name(), publisher());
		Duration untilAnswer = times.untilAnswer();
		if (untilAnswer != null) {
			if (untilAnswer.isNegative() || untilAnswer.isZero()) {
				throw new HttpTimeoutException("The time for the request was over before it began");
			}
			builder.timeout(untilAnswer);
		}
		boolean encodingGiven = false;
		for (var header : headers.headerSet()) {
			String name = header.getKey();
			if (SET_BY_ENGINE.contains(name.toLowerCase(Locale.ROOT))) {
				continue;
			}
			encodingGiven = encodingGiven || HttpHeaders.ACCEPT_ENCODING.equalsIgnoreCase(name);
			for (String value : header.getValue()) {
				builder.header(name, (value != null) ? value : "");
			}
		}
		if (!encodingGiven) {
			builder.header(HttpHeaders.ACCEPT_ENCODING, GZIP);
		}
		return builder.build();
	}

	private BodyPublisher publisher() throws IOException {
		byte[] bytes = bytes();
		return (bytes != null) ? BodyPublishers.ofByteArray(bytes) : BodyPublishers.noBody();
	}

}
