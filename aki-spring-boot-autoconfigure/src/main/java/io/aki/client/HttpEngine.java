package io.aki.client;

import java.net.http.HttpClient;
import java.time.Duration;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * Makes the HTTP engine of a client that was not given one: the JDK's, which follows no
 * redirects, keeps no cookies, and repeats no POST.
 */
final class HttpEngine {

	/** Shorter than the keep-alive timeouts of servers, of which 1 s is a short one. */
	private static final Duration MAX_IDLE_BEFORE_START = Duration.ofMillis(500);

	private HttpEngine() {
	}

	static AkiClientHttpRequestFactory create(Duration connectTimeout, @Nullable SSLContext sslContext) {
		HttpClient.Builder builder = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(connectTimeout)
			.followRedirects(HttpClient.Redirect.NEVER)
			.executor(AkiClientHttpRequestFactory.JDK_EXECUTOR);
		if (sslContext != null) {
			builder.sslContext(sslContext);
		}
		return AkiClientHttpRequestFactory.ofJdkClient(builder::build, MAX_IDLE_BEFORE_START);
	}

}
