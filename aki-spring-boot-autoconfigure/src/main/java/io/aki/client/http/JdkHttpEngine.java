package io.aki.client.http;

import java.net.http.HttpClient;
import java.time.Duration;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * Creates the default HTTP engine: the JDK's, which follows no redirects, keeps no
 * cookies, and does not repeat a POST.
 *
 * @since 1.0.0
 */
public final class JdkHttpEngine {

	/**
	 * Shorter than the keep-alive timeouts of servers. A timeout of 1 s is already short.
	 */
	private static final Duration MAX_IDLE_BEFORE_START = Duration.ofMillis(500);

	private JdkHttpEngine() {
	}

	/**
	 * Create a request factory for a new engine.
	 * @param connectTimeout the connection timeout
	 * @param sslContext the SSL context, or {@code null} for the JDK's default
	 * @return the request factory
	 */
	public static AkiClientHttpRequestFactory create(Duration connectTimeout, @Nullable SSLContext sslContext) {
		HttpClient.Builder builder = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(connectTimeout)
			.followRedirects(HttpClient.Redirect.NEVER)
			.executor(AkiClientHttpRequestFactory.JDK_EXECUTOR);
		if (sslContext != null) {
			builder.sslContext(sslContext);
		}
		return AkiClientHttpRequestFactory.ofJdkClient(builder::build, MAX_IDLE_BEFORE_START, () -> true);
	}

}
