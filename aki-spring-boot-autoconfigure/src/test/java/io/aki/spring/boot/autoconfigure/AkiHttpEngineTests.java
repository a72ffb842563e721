package io.aki.spring.boot.autoconfigure;

import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.client.Http2Server;
import io.aki.client.SelfSignedCertificate;
import io.aki.client.http.AkiClientHttpRequestFactory;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.util.Timeout;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiHttpEngine}.
 */
class AkiHttpEngineTests {

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "hello");

	private static final String JDK = "Java-http-client/";

	private static final String APACHE = "Apache-HttpClient/";

	@TempDir
	static Path directory;

	private static SelfSignedCertificate certificate;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
				HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
				SslAutoConfiguration.class))
		.withPropertyValues("aki.io.api-key=k", "aki.io.endpoint=llama3_8b_chat", "aki.io.retry.max-attempts=1");

	@BeforeAll
	static void makeCertificate() throws Exception {
		certificate = SelfSignedCertificate.create(directory);
		certificate.write(directory.resolve("server.pem"));
	}

	@Test
	void jdksEngineIsTakenThoughJettysIsPresent() {
		assertThat(ClientHttpRequestFactoryBuilder.detect(new FilteredClassLoader("org.apache.hc")))
			.isInstanceOf(ClientHttpRequestFactoryBuilder.jetty().getClass());
		assertThat(userAgent(with(Engine.JDK))).startsWith(JDK);
	}

	@Test
	void apachesEngineIsTakenWherePresent() {
		assertThat(userAgent(this.contextRunner)).startsWith(APACHE);
	}

	@Test
	void engineOfTheUserWins() {
		assertThat(userAgent(this.contextRunner.withBean(SimpleClientHttpRequestFactoryBuilder.class,
				ClientHttpRequestFactoryBuilder::simple)))
			.startsWith("Java/");
	}

	@ParameterizedTest
	@CsvSource({ "simple, Java/", "jdk, " + JDK, "jetty, Jetty/", "http-components, " + APACHE })
	void engineOfThePropertyWins(String name, String userAgent) {
		assertThat(userAgent(this.contextRunner.withPropertyValues("spring.http.clients.imperative.factory=" + name)))
			.startsWith(userAgent);
	}

	@ParameterizedTest
	@EnumSource(Chosen.class)
	void customizersOfTheUserAreApplied(Chosen chosen) {
		try (LoopbackServer server = answering(200, LoopbackServer.SUCCESS)) {
			this.contextRunner.withUserConfiguration(Customizer.class)
				.withPropertyValues("aki.io.api-server=" + server.url())
				.withPropertyValues(chosen.property)
				.run((context) -> {
					call(context);
					assertThat(server.requests()).singleElement()
						.extracting((request) -> request.header("User-Agent"))
						.isEqualTo("customized");
				});
		}
	}

	@ParameterizedTest
	@EnumSource(Chosen.class)
	void poolOfTheUserWinsOverOurs(Chosen chosen) {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch arrived = new CountDownLatch(1);
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			arrived.countDown();
			await(blocked);
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			this.contextRunner.withUserConfiguration(SingleConnectionCustomizer.class)
				.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.progress-timeout=0.2", chosen.property)
				.run((context) -> {
					CompletableFuture<AkiResult> call = CompletableFuture.supplyAsync(() -> call(context), threads);
					arrived.await();
					assertThat(context.getBean(AkiClient.class).getEndpointList().success()).isFalse();
					assertThat(server.requests()).hasSize(1);
					blocked.countDown();
					assertThat(call.get(30, TimeUnit.SECONDS).error()).isNull();
				});
		}
		finally {
			blocked.countDown();
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void proxyOfTheApplicationIsUsed(Engine engine) {
		ProxySelector before = ProxySelector.getDefault();
		try (LoopbackServer proxy = answering(200, LoopbackServer.SUCCESS)) {
			URI address = URI.create(proxy.url());
			ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress(address.getHost(), address.getPort())));
			with(engine).withPropertyValues("aki.io.api-server=http://aki.example").run((context) -> {
				assertThat(call(context).success()).isTrue();
				assertThat(call(context).success()).isTrue();
				assertThat(proxy.requests()).hasSize(2);
			});
		}
		finally {
			ProxySelector.setDefault(before);
		}
	}

	@ParameterizedTest
	@CsvSource({ "'', 503", "'', 429", "spring.http.clients.imperative.factory=http-components, 503",
			"spring.http.clients.imperative.factory=http-components, 429" })
	void apacheDoesNotSendAJobAgain(String property, int status) {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			exchange.getResponseHeaders().set("Retry-After", "0");
			LoopbackServer.answer(exchange, status, "{\"success\":false,\"error\":\"busy\"}");
		})) {
			this.contextRunner.withPropertyValues("aki.io.api-server=" + server.url())
				.withPropertyValues(property.isEmpty() ? new String[0] : new String[] { property })
				.run((context) -> {
					assertThat(call(context).errorCode()).isEqualTo(status);
					assertThat(server.requests()).singleElement()
						.satisfies((request) -> assertThat(request.header("User-Agent")).startsWith(APACHE));
				});
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void cookiesAreNotKept(Engine engine) {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			exchange.getResponseHeaders().set("Set-Cookie", "session=1; Path=/");
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			with(engine).withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				call(context);
				call(context);
				assertThat(server.requests()).hasSize(2).allMatch((request) -> request.header("Cookie") == null);
			});
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void twentyCallsGoThroughAtOnce(Engine engine) {
		int calls = 20;
		CyclicBarrier barrier = new CyclicBarrier(calls);
		ExecutorService threads = Executors.newFixedThreadPool(calls);
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			try {
				barrier.await(20, TimeUnit.SECONDS);
				LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
			}
			catch (InterruptedException | BrokenBarrierException | TimeoutException ex) {
				LoopbackServer.answer(exchange, 500, "{\"success\":false,\"error\":\"not all came at once\"}");
			}
		})) {
			with(engine).withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				List<CompletableFuture<AkiResult>> results = IntStream.range(0, calls)
					.mapToObj((i) -> CompletableFuture.supplyAsync(() -> call(context), threads))
					.toList();
				assertThat(results)
					.allSatisfy((result) -> assertThat(result.get(30, TimeUnit.SECONDS).error()).isNull());
			});
		}
		finally {
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void redirectsAreNotFollowed(Engine engine) {
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			LoopbackServer.answer(exchange, 307, "");
		})) {
			with(engine).withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				assertThat(call(context).error()).contains("redirects (307 Temporary Redirect) to /elsewhere")
					.contains("aki.io.api-server");
				assertThat(context.getBean(AkiClient.class).getEndpointList().error()).contains("redirects");
				assertThat(server.requests()).hasSize(2).noneMatch((request) -> request.path().contains("elsewhere"));
			});
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void exchangesHaveTheirOwnReadTimeouts(Engine engine) {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch arrived = new CountDownLatch(1);
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			arrived.countDown();
			await(blocked);
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			with(engine)
				.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.read-timeout=60",
						"aki.io.progress-timeout=0.2")
				.run((context) -> {
					CompletableFuture<AkiResult> call = CompletableFuture.supplyAsync(() -> call(context), threads);
					arrived.await();
					assertThat(context.getBean(AkiClient.class).getEndpointList().error())
						.contains("No complete response within 0.2 s");
					assertThat(call).isNotDone();
					blocked.countDown();
					assertThat(call.get(30, TimeUnit.SECONDS).error()).isNull();
				});
		}
		finally {
			blocked.countDown();
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void readTimeoutEndsACall(Engine engine) {
		CountDownLatch blocked = new CountDownLatch(1);
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			if (exchange.getRequestMethod().equals("POST")) {
				await(blocked);
			}
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			with(engine)
				.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.read-timeout=0.2",
						"aki.io.progress-timeout=60")
				.run((context) -> {
					context.getBean(AkiClient.class).getEndpointList();
					assertThat(call(context).error()).contains("No complete response within 0.2 s");
				});
			blocked.countDown();
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void callInFlightGetsItsResultThoughTheContextCloses(Engine engine) {
		CountDownLatch arrived = new CountDownLatch(1);
		CountDownLatch blocked = new CountDownLatch(1);
		ExecutorService threads = Executors.newSingleThreadExecutor();
		List<CompletableFuture<AkiResult>> calls = new ArrayList<>();
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			arrived.countDown();
			await(blocked);
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			with(engine).withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				calls.add(CompletableFuture.supplyAsync(() -> client.doApiRequest(PARAMS), threads));
				arrived.await();
			});
			assertThat(calls).singleElement().satisfies((call) -> {
				assertThat(call).isNotDone();
				blocked.countDown();
				assertThat(call.get(60, TimeUnit.SECONDS).error()).isNull();
			});
		}
		finally {
			blocked.countDown();
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@CsvSource({ "JDK, false", "JDK, true", "APACHE, false", "APACHE, true" })
	void startUsesAConnectionOnlyThatWasUsedAMomentAgo(Engine engine, boolean momentAgo) {
		try (LoopbackServer server = answering(200, LoopbackServer.SUCCESS)) {
			with(engine)
				.withPropertyValues("aki.io.api-server=" + server.url(),
						"aki.io.max-idle-before-start=" + (momentAgo ? "60s" : "1ms"))
				.run((context) -> {
					AkiClient client = context.getBean(AkiClient.class);
					client.getEndpointList();
					client.getEndpointList();
					assertThat(ports(server)).hasSize(1);
					passTwoMilliseconds();
					call(context);
					assertThat(ports(server)).hasSize(momentAgo ? 1 : 2);
				});
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void pollsHaveALongerLimitForIdleConnections(Engine engine) {
		try (LoopbackServer server = answering(200, LoopbackServer.SUCCESS)) {
			with(engine).withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.max-idle-before-start=1ms")
				.run((context) -> {
					call(context);
					passTwoMilliseconds();
					context.getBean(AkiClient.class).getEndpointList();
					assertThat(ports(server)).hasSize(1);
				});
		}
	}

	private static void passTwoMilliseconds() {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2);
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

	private static Set<Integer> ports(LoopbackServer server) {
		return server.requests().stream().map(LoopbackServer.Request::clientPort).collect(Collectors.toSet());
	}

	@Test
	void apachesConnectionsAreNotUsedAgainAfter30Seconds() {
		// HttpClient before 5.6, which Spring Boot 4.0 manages, limits only the age
		String limit = ClassUtils.hasMethod(ConnectionConfig.class, "getIdleTimeout") ? "idleTimeout" : "timeToLive";
		assertThat(connectionConfig(this.contextRunner)).extracting(limit).isEqualTo(Timeout.ofSeconds(30));
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void allExchangesShareThePool(Engine engine) {
		try (LoopbackServer server = answering(200, LoopbackServer.SUCCESS)) {
			with(engine)
				.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.read-timeout=60",
						"aki.io.max-idle-before-start=60", "aki.io.progress-timeout=30")
				.run((context) -> {
					call(context);
					context.getBean(AkiClient.class).getEndpointList();
					call(context);
					assertThat(server.requests().stream().map(LoopbackServer.Request::clientPort).distinct())
						.hasSize(1);
				});
		}
	}

	@Test
	void connectTimeoutReachesTheJdksEngine() {
		assertThat(jdkClient(with(Engine.JDK).withPropertyValues("aki.io.connect-timeout=7")).connectTimeout())
			.contains(Duration.ofSeconds(7));
	}

	@ParameterizedTest
	@ValueSource(strings = { "unused=true", "spring.http.clients.imperative.factory=jdk" })
	void customizersOfTheUserReachTheJdksEngine(String property) {
		CookieManager cookies = new CookieManager();
		HttpClient client = jdkClient(with(Engine.JDK).withPropertyValues(property), cookies);
		assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.NEVER);
		assertThat(cookies.getCookieStore().getCookies()).hasSize(1);
	}

	@Test
	void jdksEngineOfTheUserIsTakenWithItsSettings() {
		CookieManager cookies = new CookieManager();
		userAgent(with(Engine.JDK).withBean(JdkClientHttpRequestFactoryBuilder.class,
				() -> ClientHttpRequestFactoryBuilder.jdk()
					.withHttpClientCustomizer((client) -> client.cookieHandler(cookies))));
		assertThat(cookies.getCookieStore().getCookies()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void compressionOfTheUsersRequestFactoryIsKept(boolean compression) {
		List<String> accepted = new ArrayList<>();
		try (LoopbackServer server = LoopbackServer
			.start((exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS))) {
			with(Engine.JDK)
				.withBean(JdkClientHttpRequestFactoryBuilder.class,
						() -> ClientHttpRequestFactoryBuilder.jdk()
							.withCustomizer((factory) -> factory.enableCompression(compression)))
				.withPropertyValues("aki.io.api-server=" + server.url())
				.run((context) -> {
					assertThat(call(context).error()).isNull();
					accepted.add(server.requests().get(0).header("Accept-Encoding"));
				});
		}
		assertThat(accepted).containsExactly(compression ? "gzip" : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "unused=true", "spring.http.clients.imperative.factory=jdk" })
	void jdksEngineUsesHttp1ThoughTheServerOffersHttp2(String property) throws Exception {
		assertThat(versionsOfTwoCalls(
				with(Engine.JDK).withUserConfiguration(TrustingCustomizer.class).withPropertyValues(property)))
			.containsExactly(HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_1);
	}

	@Test
	void jdksEngineOfTheUserKeepsItsHttpVersion() throws Exception {
		assertThat(versionsOfTwoCalls(with(Engine.JDK).withBean(JdkClientHttpRequestFactoryBuilder.class,
				() -> ClientHttpRequestFactoryBuilder.jdk()
					.withHttpClientCustomizer(AkiHttpEngineTests::trustTheCertificate))))
			.containsExactly(HttpVersion.HTTP_2, HttpVersion.HTTP_2);
	}

	/**
	 * Trust the certificate without an SSL bundle of Spring Boot. With an SSL bundle the
	 * JDK's engine does not offer HTTP/2.
	 */
	private static void trustTheCertificate(HttpClient.Builder builder) {
		try {
			builder.sslContext(certificate.client());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<HttpVersion> versionsOfTwoCalls(ApplicationContextRunner runner) throws Exception {
		try (Http2Server server = new Http2Server(certificate.server())) {
			runner.withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				assertThat(call(context).error()).isNull();
				assertThat(call(context).error()).isNull();
			});
			return server.versions();
		}
	}

	@Test
	void jdksEngineRunsItsTasksInItsOwnThread() {
		assertThat(jdkClient(with(Engine.JDK)).executor()).contains(AkiClientHttpRequestFactory.JDK_EXECUTOR);
	}

	@Test
	void connectTimeoutReachesApachesEngine() {
		assertThat(
				connectionConfig(this.contextRunner.withPropertyValues("aki.io.connect-timeout=7")).getConnectTimeout())
			.isEqualTo(Timeout.ofMilliseconds(7000));
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void serverWithAPrivateCertificateIsTrustedByTheBundle(Engine engine) {
		try (LoopbackServer server = encrypted()) {
			with(engine)
				.withPropertyValues("aki.io.api-server=" + server.url(), "aki.io.ssl.bundle=private",
						"spring.ssl.bundle.pem.private.truststore.certificate="
								+ directory.resolve("server.pem").toUri())
				.run((context) -> assertThat(call(context).error()).isNull());
		}
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void serverWithAPrivateCertificateIsRefusedWithoutTheBundle(Engine engine) {
		try (LoopbackServer server = encrypted()) {
			with(engine).withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				assertThat(call(context).error()).contains("The encrypted connection was refused");
				assertThat(server.requests()).isEmpty();
			});
		}
	}

	private static LoopbackServer encrypted() {
		try {
			return LoopbackServer.startEncrypted(certificate.server(),
					(exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static LoopbackServer answering(int status, String json) {
		return LoopbackServer.start((exchange) -> LoopbackServer.answer(exchange, status, json));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static AkiResult call(ApplicationContext context) {
		return context.getBean(AkiClient.class).doApiRequest(PARAMS);
	}

	/**
	 * Return the {@code User-Agent} that the engine sends with a request. The response
	 * sets a cookie.
	 */
	private static String userAgent(ApplicationContextRunner runner) {
		List<String> names = new ArrayList<>();
		try (LoopbackServer server = LoopbackServer.start((exchange) -> {
			exchange.getResponseHeaders().set("Set-Cookie", "session=1; Path=/");
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			runner.withPropertyValues("aki.io.api-server=" + server.url()).run((context) -> {
				assertThat(call(context).error()).isNull();
				names.add(server.requests().get(0).header("User-Agent"));
			});
		}
		assertThat(names).hasSize(1);
		return names.get(0);
	}

	/**
	 * Return a JDK client with the settings of the engine.
	 */
	private static HttpClient jdkClient(ApplicationContextRunner runner) {
		return jdkClient(runner, new CookieManager());
	}

	private static HttpClient jdkClient(ApplicationContextRunner runner, CookieHandler cookies) {
		AtomicReference<HttpClient> client = new AtomicReference<>();
		userAgent(runner.withBean(JdkCustomizer.class,
				() -> new JdkCustomizer((builder) -> client.set(builder.cookieHandler(cookies).build()))));
		return client.get();
	}

	/**
	 * Return the connection configuration of Apache's engine.
	 */
	private static ConnectionConfig connectionConfig(ApplicationContextRunner runner) {
		AtomicReference<ConnectionConfig> config = new AtomicReference<>();
		userAgent(runner.withBean(ConnectionCustomizer.class,
				() -> new ConnectionCustomizer((builder) -> config.set(builder.build()))));
		return config.get();
	}

	private ApplicationContextRunner with(Engine engine) {
		return (engine == Engine.JDK) ? this.contextRunner.withClassLoader(new FilteredClassLoader("org.apache.hc"))
				: this.contextRunner;
	}

	enum Engine {

		JDK, APACHE

	}

	enum Chosen {

		BY_CLASS_PATH("unused=true"), BY_PROPERTY("spring.http.clients.imperative.factory=http-components");

		private final String property;

		Chosen(String property) {
			this.property = property;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizer {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> users() {
			return (builder) -> builder
				.withHttpClientCustomizer((HttpClientBuilder client) -> client.setUserAgent("customized"));
		}

	}

	record JdkCustomizer(Consumer<HttpClient.Builder> customizer)
			implements
				ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> {

		@Override
		public JdkClientHttpRequestFactoryBuilder customize(JdkClientHttpRequestFactoryBuilder builder) {
			return builder.withHttpClientCustomizer(this.customizer);
		}

	}

	record ConnectionCustomizer(Consumer<ConnectionConfig.Builder> customizer)
			implements
				ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> {

		@Override
		public HttpComponentsClientHttpRequestFactoryBuilder customize(
				HttpComponentsClientHttpRequestFactoryBuilder builder) {
			return builder.withConnectionConfigCustomizer(this.customizer);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TrustingCustomizer {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> users() {
			return (builder) -> builder.withHttpClientCustomizer(AkiHttpEngineTests::trustTheCertificate);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SingleConnectionCustomizer {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> users() {
			return (builder) -> builder.withConnectionManagerCustomizer((pool) -> pool.setMaxConnTotal(1));
		}

	}

}
