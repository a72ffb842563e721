package io.aki.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the data that an application with {@code spring-boot-starter-opentelemetry}
 * sends to a collector.
 */
@Timeout(60)
class OpenTelemetryTests {

	private final List<Span> spans = new CopyOnWriteArrayList<>();

	private final List<Metric> metrics = new CopyOnWriteArrayList<>();

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().pace(100).build();

	private HttpServer collector;

	@BeforeEach
	void start() throws IOException {
		this.collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.collector.createContext("/v1/traces", this::takeTraces);
		this.collector.createContext("/v1/metrics", this::takeMetrics);
		this.collector.start();
	}

	@AfterEach
	void stop() {
		this.collector.stop(0);
	}

	private void takeTraces(HttpExchange exchange) {
		take(exchange,
				() -> ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
					.getResourceSpansList()
					.stream()
					.flatMap((resource) -> resource.getScopeSpansList().stream())
					.forEach((scope) -> this.spans.addAll(scope.getSpansList())));
	}

	private void takeMetrics(HttpExchange exchange) {
		take(exchange,
				() -> ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody())
					.getResourceMetricsList()
					.stream()
					.flatMap((resource) -> resource.getScopeMetricsList().stream())
					.forEach((scope) -> this.metrics.addAll(scope.getMetricsList())));
	}

	private static void take(HttpExchange exchange, Taking taking) {
		try (exchange) {
			taking.take();
			exchange.sendResponseHeaders(200, -1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ConfigurableApplicationContext application(String... properties) {
		String url = "http://127.0.0.1:" + this.collector.getAddress().getPort();
		Stream<String> all = Stream
			.concat(Stream.of("management.opentelemetry.tracing.export.otlp.endpoint=" + url + "/v1/traces",
					"management.otlp.metrics.export.enabled=true",
					"management.otlp.metrics.export.url=" + url + "/v1/metrics",
					"management.tracing.sampling.probability=1.0", "aki.io.api-server=" + this.emulator.apiServer(),
					"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.endpoint=llama3_8b_chat",
					"aki.io.progress-interval=5ms"), Stream.of(properties));
		// a later property of the same name would not override an earlier one
		Map<String, String> last = new LinkedHashMap<>();
		all.forEach((property) -> last.put(property.substring(0, property.indexOf('=')), property));
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(last.values().stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	@Test
	void aRequestIsAClientSpanUnderTheConventionsNames() {
		try (ConfigurableApplicationContext context = application()) {
			context.getBean(AkiClient.class).doApiRequestAwait(Map.of("prompt_input", "hello")).orThrow();
		}
		assertThat(this.spans).extracting(Span::getName)
			.containsExactlyInAnyOrder("text_completion llama3_8b_chat", "http post");
		Span request = span("text_completion llama3_8b_chat");
		assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
		assertThat(request.getParentSpanId()).isEmpty();
		assertThat(attributes(request)).containsEntry("gen_ai.provider.name", "aki.io")
			.containsEntry("gen_ai.operation.name", "text_completion")
			.containsEntry("gen_ai.request.model", "llama3_8b_chat")
			.containsEntry("server.address", "127.0.0.1")
			.containsEntry("server.port", String.valueOf(this.emulator.port()))
			.containsKeys("gen_ai.response.model", "gen_ai.usage.output_tokens", "aki.job.id");
		assertThat(attributes(request).toString()).doesNotContain("hello", this.emulator.apiKey());
		Span start = span("http post");
		assertThat(start.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(start.getTraceId()).isEqualTo(request.getTraceId());
	}

	@Test
	void theServerIsToldOfTheTrace() {
		try (LoopbackServer server = LoopbackServer
			.start((exchange) -> LoopbackServer.answer(exchange, 200, LoopbackServer.SUCCESS))) {
			try (ConfigurableApplicationContext context = application("aki.io.api-server=" + server.url())) {
				context.getBean(AkiClient.class).doApiRequest(Map.of("chat_context", "[]")).orThrow();
			}
			Span request = span("chat llama3_8b_chat");
			assertThat(server.requests()).singleElement()
				.extracting((received) -> received.header("traceparent"))
				.asString()
				.contains(HexFormat.of().formatHex(request.getTraceId().toByteArray()));
		}
	}

	@Test
	void aFailureIsAnErrorOfTheSpan() {
		try (ConfigurableApplicationContext context = application("aki.io.api-key=wrong-key")) {
			assertThat(context.getBean(AkiClient.class).doApiRequest(Map.of("prompt_input", "hello")).success())
				.isFalse();
		}
		Span request = span("text_completion llama3_8b_chat");
		assertThat(request.getStatus().getCodeValue()).isEqualTo(2);
		assertThat(attributes(request)).containsEntry("error.type", "AkiPermissionException")
			.containsKey("http.response.status_code");
		assertThat(request.toString()).doesNotContain("wrong-key");
	}

	@Test
	void metersKeepTheirNamesAndTheConventionsBuckets() {
		try (ConfigurableApplicationContext context = application(
				"management.otlp.metrics.export.base-time-unit=seconds")) {
			context.getBean(AkiClient.class).doApiRequestAwait(Map.of("prompt_input", "hello")).orThrow();
		}
		Metric duration = metric("gen_ai.client.operation.duration");
		assertThat(duration.getUnit()).isEqualTo("seconds");
		HistogramDataPoint point = duration.getHistogram().getDataPoints(0);
		assertThat(point.getExplicitBoundsList()).first().isEqualTo(0.01);
		assertThat(point.getExplicitBoundsList())
			.containsAll(DoubleStream.iterate(0.01, (bound) -> 2 * bound).limit(14).boxed().toList());
		assertThat(names(point.getAttributesList())).contains("gen_ai.operation.name", "gen_ai.provider.name",
				"gen_ai.request.model", "gen_ai.response.model", "error.type");
		Metric tokens = metric("gen_ai.client.token.usage");
		assertThat(names(tokens.getHistogram().getDataPoints(0).getAttributesList())).contains("gen_ai.token.type");
		assertThat(metric("aki.client.jobs").getGauge().getDataPoints(0).getAsDouble()).isZero();
	}

	@Test
	void healthIsTracedOnItsOwn() {
		try (ConfigurableApplicationContext context = application()) {
			assertThat(context.getBean(HealthEndpoint.class).healthForPath("aki")).isNotNull();
		}
		assertThat(this.spans).extracting(Span::getName).containsOnly("http get");
		assertThat(this.spans).allSatisfy((span) -> assertThat(span.getParentSpanId()).isEmpty());
	}

	private Span span(String name) {
		return this.spans.stream().filter((span) -> span.getName().equals(name)).findFirst().orElseThrow();
	}

	private Metric metric(String name) {
		return this.metrics.stream().filter((metric) -> metric.getName().equals(name)).findFirst().orElseThrow();
	}

	private static Map<String, String> attributes(Span span) {
		return span.getAttributesList()
			.stream()
			.collect(Collectors.toMap(KeyValue::getKey, (attribute) -> attribute.getValue().getStringValue()));
	}

	private static List<String> names(List<KeyValue> attributes) {
		return attributes.stream().map(KeyValue::getKey).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	private interface Taking {

		void take() throws IOException;

	}

}
