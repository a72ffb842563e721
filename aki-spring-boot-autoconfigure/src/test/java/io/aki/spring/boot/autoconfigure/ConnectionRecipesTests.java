package io.aki.spring.boot.autoconfigure;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the recipes of {@code docs/connections.md} over real HTTP.
 */
@Timeout(60)
class ConnectionRecipesTests {

	private static final Map<String, ?> CHAT = Map.of("prompt_input", "hello");

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().pace(100).apiKeys("first-key", "second-key").build();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiAsyncAutoConfiguration.class,
				RestClientAutoConfiguration.class))
		.withClassLoader(new FilteredClassLoader("org.apache.hc"))
		.withPropertyValues("aki.io.api-server=" + this.emulator.apiServer(), "aki.io.api-key=first-key",
				"aki.io.endpoint=llama3_8b_chat", "aki.io.progress-interval=5ms", "aki.io.async.enabled=true");

	@Test
	void keyIsAskedForAtEachRequest() {
		Vault vault = new Vault("first-key");
		this.contextRunner.withBean(Vault.class, () -> vault)
			.withUserConfiguration(Rotation.class)
			.withPropertyValues("aki.io.api-key=of-the-properties", "aki.io.api-server=http://127.0.0.1:1",
					"the-server=" + this.emulator.apiServer())
			.run((context) -> {
				AkiClient client = context.getBean(AkiClient.class);
				assertThat(client.doApiRequest(CHAT).success()).isTrue();
				AkiResult polled = client.doApiRequest(CHAT, (info, data) -> vault.key.set("second-key"));
				assertThat(polled.success()).isTrue();
				assertThat(this.emulator.requests()).extracting((request) -> request.body().get("key"))
					.startsWith("first-key", "first-key", "second-key")
					.doesNotContain("of-the-properties");
			});
	}

	// @formatter:off
	// tag::rotation[]
	@Configuration(proxyBeanMethods = false)
	static class Rotation {

		@Bean
		AkiConnectionDetails akiConnectionDetails(Vault vault, @Value("${the-server}") String server) {
			return new AkiConnectionDetails() {

				@Override
				public String getApiServer() {
					return server;
				}

				@Override
				public String getApiKey() {
					return vault.currentKey();
				}

			};
		}

	}
	// end::rotation[]
	// @formatter:on

	@Test
	void severalClients() {
		this.contextRunner.withUserConfiguration(SeveralClients.class, Gallery.class).run((context) -> {
			AkiResult image = context.getBean(Gallery.class)
				.draw(Map.of("prompt", "a hill", "width", 128, "height", 128));
			assertThat(image.images()).hasSize(1);
			assertThat(context.getBean(AkiClient.class).doApiRequest(CHAT).text()).isNotBlank();
			assertThat(this.emulator.requests()).extracting(AkiEmulatorRequest::path)
				.containsExactly("/api/call/z_image_turbo", "/api/call/llama3_8b_chat");
			assertThat(this.emulator.requests()).extracting((request) -> request.body().get("key"))
				.containsExactly("second-key", "first-key");
		});
	}

	// @formatter:off
	// tag::several[]
	@Configuration(proxyBeanMethods = false)
	static class SeveralClients {

		@Bean(defaultCandidate = false)
		@Qualifier("images")
		AkiClient imageClient(AkiClient.Builder builder) {
			return builder.endpoint("z_image_turbo").apiKey("second-key").build();
		}

	}

	static class Gallery {

		private final AkiClient aki;

		Gallery(@Qualifier("images") AkiClient aki) {
			this.aki = aki;
		}

		AkiResult draw(Map<String, ?> params) {
			return this.aki.doApiRequest(params);
		}

	}
	// end::several[]
	// @formatter:on

	@Test
	void mutatedClientSharesTheConnections() {
		this.contextRunner.run((context) -> {
			AkiClient aki = context.getBean(AkiClient.class);
			// @formatter:off
			// tag::mutate[]
			AkiClient other = aki.mutate().apiKey("second-key").raiseExceptions(true).build();
			// end::mutate[]
			// @formatter:on
			assertThat(other.doApiRequest(CHAT).success()).isTrue();
			assertThat(this.emulator.requests()).extracting((request) -> request.body().get("key"))
				.containsExactly("second-key");
		});
	}

	@Test
	void proxy() {
		List<String> asked = new CopyOnWriteArrayList<>();
		try (LoopbackServer proxy = LoopbackServer.start((exchange) -> {
			asked.add(String.valueOf(exchange.getRequestURI()));
			LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS);
		})) {
			int port = java.net.URI.create(proxy.url()).getPort();
			this.contextRunner.withUserConfiguration(Proxy.class)
				.withPropertyValues("proxy.port=" + port, "aki.io.api-server=http://aki.invalid")
				.run((context) -> {
					assertThat(context.getBean(AkiClient.class).doApiRequest(CHAT).success()).isTrue();
					assertThat(asked).containsExactly("http://aki.invalid/api/call/llama3_8b_chat");
				});
		}
	}

	// @formatter:off
	// tag::proxy[]
	@Configuration(proxyBeanMethods = false)
	static class Proxy {

		@Bean
		ClientHttpRequestFactoryBuilder<?> requestFactoryBuilder(@Value("${proxy.port}") int port) {
			ProxySelector proxy = ProxySelector.of(new InetSocketAddress("127.0.0.1", port));
			return ClientHttpRequestFactoryBuilder.jdk().withHttpClientCustomizer((client) -> client.proxy(proxy));
		}

	}
	// end::proxy[]
	// @formatter:on

	@Test
	void ownEngine() {
		this.contextRunner.withUserConfiguration(OwnEngine.class).run((context) -> {
			assertThat(context.getBean(AkiClient.class).doApiRequest(CHAT).success()).isTrue();
			assertThat(OwnEngine.made).isPositive();
		});
	}

	// @formatter:off
	// tag::engine[]
	@Configuration(proxyBeanMethods = false)
	static class OwnEngine {

		static int made;

		@Bean
		ClientHttpRequestFactoryBuilder<?> requestFactoryBuilder() {
			return (HttpClientSettings settings) -> engine(settings);
		}

		private static ClientHttpRequestFactory engine(HttpClientSettings settings) {
			made++;
			return new JdkClientHttpRequestFactory();
		}

	}
	// end::engine[]
	// @formatter:on

	@Test
	void contextReachesCallbacksAndWhatDependsOnTheResult() {
		this.contextRunner.withUserConfiguration(LoggingContext.class).run((context) -> {
			AkiClient aki = context.getBean(AkiClient.class);
			List<String> seen = new CopyOnWriteArrayList<>();
			MDC.put("user", "alice");
			CompletableFuture<String> after;
			try {
				after = aki.doApiRequestAsync(CHAT, (info, data) -> seen.add(String.valueOf(MDC.get("user"))))
					.result()
					.thenApply((result) -> String.valueOf(MDC.get("user")));
			}
			finally {
				MDC.clear();
			}
			assertThat(after.get(30, TimeUnit.SECONDS)).isEqualTo("alice");
			assertThat(seen).isNotEmpty().containsOnly("alice");
			AkiResult waited = aki.doApiRequest(CHAT, (info, data) -> seen.add(String.valueOf(MDC.get("user"))));
			assertThat(waited.success()).isTrue();
			assertThat(seen).contains("null");
		});
	}

	@Test
	void contextReachesTheAsyncExecutor() {
		this.contextRunner.withUserConfiguration(LoggingContext.class).run((context) -> {
			AtomicReference<String> seen = new AtomicReference<>();
			MDC.put("user", "bob");
			CompletableFuture<AkiResult> result;
			try {
				result = context.getBean(AkiAsyncClient.class)
					.doApiRequestAwait(CHAT, (info, data) -> seen.set(MDC.get("user")));
			}
			finally {
				MDC.clear();
			}
			assertThat(result.get(30, TimeUnit.SECONDS).success()).isTrue();
			assertThat(seen).hasValue("bob");
		});
	}

	@Test
	void decoratorThatFailsCostsTheContextAlone() {
		this.contextRunner.withBean(TaskDecorator.class, () -> (task) -> () -> {
			throw new IllegalStateException("of the decorator");
		}).withPropertyValues("aki.io.async.enabled=false").run((context) -> {
			List<String> seen = new CopyOnWriteArrayList<>();
			AkiResult result = context.getBean(AkiClient.class)
				.doApiRequestAsync(CHAT, (info, data) -> seen.add(info.jobId()))
				.result()
				.get(30, TimeUnit.SECONDS);
			assertThat(result.success()).isTrue();
			assertThat(seen).isNotEmpty();
		});
	}

	// @formatter:off
	// tag::context[]
	@Configuration(proxyBeanMethods = false)
	static class LoggingContext {

		@Bean
		TaskDecorator loggingContext() {
			return (task) -> {
				Map<String, String> context = MDC.getCopyOfContextMap();
				return () -> {
					MDC.setContextMap((context != null) ? context : Map.of());
					try {
						task.run();
					}
					finally {
						MDC.clear();
					}
				};
			};
		}

	}
	// end::context[]
	// @formatter:on

	static class Vault {

		private final AtomicReference<String> key;

		Vault(String key) {
			this.key = new AtomicReference<>(key);
		}

		String currentKey() {
			return this.key.get();
		}

	}

}
