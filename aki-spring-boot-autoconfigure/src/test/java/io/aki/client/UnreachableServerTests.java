package io.aki.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.http.JdkHttpEngine;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.transport.ProxyProvider.Proxy;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for starts that fail before the client has a connection to the server. They are
 * repeated. Their error does not say that the server may have started a job.
 */
@Timeout(120)
class UnreachableServerTests {

	private static final int ATTEMPTS = 3;

	private final ProxySelector selector = ProxySelector.getDefault();

	@AfterEach
	void restoreProxySelector() {
		ProxySelector.setDefault(this.selector);
	}

	/**
	 * The operating system refuses TCP connections to a multicast address, and sends
	 * nothing.
	 */
	@ParameterizedTest
	@EnumSource(Engine.class)
	void networkThatIsUnreachable(Engine engine) throws Exception {
		assertThat(call(engine.create(null), "http://224.0.0.1").error()).startsWith("The server cannot be reached: ")
			.contains("Network is unreachable")
			.doesNotContain("may have started");
	}

	@Test
	void localAddressThatCannotBeAssigned() throws Exception {
		InetAddress notLocal = InetAddress.getByName("203.0.113.1");
		ClientHttpRequestFactory apache = new HttpComponentsClientHttpRequestFactory(
				HttpClients.custom().setRoutePlanner(new DefaultRoutePlanner(null) {

					@Override
					protected InetAddress determineLocalAddress(HttpHost firstHop, HttpContext context) {
						return notLocal;
					}

				}).build());
		assertThat(call(new AkiClientHttpRequestFactory(apache), "http://127.0.0.1:1").error())
			.startsWith("The server cannot be reached: BindException")
			.doesNotContain("may have started");
	}

	static Stream<Arguments> refusals() {
		return Stream.of(Engine.values())
			.flatMap((engine) -> IntStream.of(403, 407, 503).mapToObj((status) -> Arguments.of(engine, status)));
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void proxyThatRefusesTheConnection(Engine engine, int status) throws Exception {
		try (RefusingProxy proxy = new RefusingProxy(status)) {
			assertThat(call(engine.create(proxy.address()), "https://aki.example").error())
				.startsWith("The server cannot be reached: the proxy refused the connection with status " + status
						+ ". Check the proxy's address, credentials and rules");
			assertThat(proxy.requests.get()).isGreaterThanOrEqualTo(ATTEMPTS);
		}
	}

	private static AkiResult call(AkiClientHttpRequestFactory factory, String apiServer) throws Exception {
		try (AkiClient client = AkiClient.builder()
			.restClientBuilder(RestClient.builder().requestFactory(factory))
			.apiServer(apiServer)
			.apiKey("test-key")
			.endpoint("llama3_8b_chat")
			.retry(new AkiRetryPolicy(ATTEMPTS, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.build()) {
			return client.doApiRequest(Map.of("prompt_input", "x"));
		}
		finally {
			factory.destroy();
		}
	}

	enum Engine {

		JDK {
			@Override
			AkiClientHttpRequestFactory create(InetSocketAddress proxy) {
				ProxySelector.setDefault(ProxySelector.of(proxy));
				return JdkHttpEngine.create(Duration.ofSeconds(30), null);
			}
		},

		APACHE {
			@Override
			AkiClientHttpRequestFactory create(InetSocketAddress proxy) {
				ProxySelector.setDefault(ProxySelector.of(proxy));
				return new AkiClientHttpRequestFactory(
						new HttpComponentsClientHttpRequestFactory(HttpClients.createSystem()));
			}
		},

		SIMPLE {
			@Override
			AkiClientHttpRequestFactory create(InetSocketAddress proxy) {
				ProxySelector.setDefault(ProxySelector.of(proxy));
				return new AkiClientHttpRequestFactory(new SimpleClientHttpRequestFactory());
			}
		},

		JETTY {
			@Override
			AkiClientHttpRequestFactory create(InetSocketAddress proxy) throws Exception {
				HttpClient client = new HttpClient();
				if (proxy != null) {
					client.getProxyConfiguration().addProxy(new HttpProxy("127.0.0.1", proxy.getPort()));
				}
				return started(new JettyClientHttpRequestFactory(client));
			}
		},

		REACTOR {
			@Override
			AkiClientHttpRequestFactory create(InetSocketAddress proxy) throws Exception {
				reactor.netty.http.client.HttpClient client = reactor.netty.http.client.HttpClient.create();
				return started(new ReactorClientHttpRequestFactory(
						(proxy != null) ? client.proxy((spec) -> spec.type(Proxy.HTTP).socketAddress(proxy)) : client));
			}
		};

		/**
		 * Create an engine.
		 * @param proxy the address of the proxy, or {@code null} for none
		 */
		abstract AkiClientHttpRequestFactory create(InetSocketAddress proxy) throws Exception;

		private static AkiClientHttpRequestFactory started(ClientHttpRequestFactory factory) throws Exception {
			if (factory instanceof InitializingBean bean) {
				bean.afterPropertiesSet();
			}
			return new AkiClientHttpRequestFactory(factory);
		}

	}

	/**
	 * A proxy that answers each request with the same status.
	 */
	private static final class RefusingProxy implements AutoCloseable {

		private final AtomicInteger requests = new AtomicInteger();

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final int status;

		RefusingProxy(int status) throws IOException {
			this.status = status;
			this.threads.execute(this::accept);
		}

		InetSocketAddress address() {
			return (InetSocketAddress) this.socket.getLocalSocketAddress();
		}

		private void accept() {
			try {
				while (true) {
					Socket connection = this.socket.accept();
					this.threads.execute(() -> refuse(connection));
				}
			}
			catch (IOException ex) {
				// the server socket is closed
			}
		}

		private void refuse(Socket connection) {
			try (connection) {
				StringBuilder head = new StringBuilder();
				while (head.indexOf("\r\n\r\n") < 0) {
					int c = connection.getInputStream().read();
					if (c < 0) {
						return;
					}
					head.append((char) c);
				}
				this.requests.incrementAndGet();
				connection.getOutputStream()
					.write(("HTTP/1.1 " + this.status + " Refused\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
							+ "Content-Length: 2\r\nConnection: close\r\n\r\nno")
						.getBytes(StandardCharsets.US_ASCII));
			}
			catch (IOException ex) {
				// the client closed the connection
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
			this.threads.shutdownNow();
		}

	}

}
