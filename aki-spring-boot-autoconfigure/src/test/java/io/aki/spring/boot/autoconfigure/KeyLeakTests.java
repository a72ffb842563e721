package io.aki.spring.boot.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.client.AkiResponse;
import io.aki.client.AkiResult;
import io.aki.secrets.TestKeys;
import io.aki.spring.boot.autoconfigure.EchoingServer.Fault;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Provokes every kind of failure on every route, with a server that repeats the request
 * wherever it can. Tests that callers and operators do not see the key in answers,
 * exceptions (including their causes) and observations. The logs are searched as in all
 * tests of this module.
 */
@Timeout(120)
class KeyLeakTests {

	private static final String KEY = TestKeys.STRANGE;

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "x");

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final Queue<Observation.Context> observed = new ConcurrentLinkedQueue<>();

	private static EchoingServer server;

	private static int closedPort;

	@BeforeAll
	static void start() throws Exception {
		server = new EchoingServer(KEY);
		try (ServerSocket socket = new ServerSocket(0)) {
			closedPort = socket.getLocalPort();
		}
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void noFailureShowsTheKey(Engine engine) {
		run(engine, (client) -> {
			for (Fault fault : Fault.values()) {
				server.fail(fault);
				AkiClient failing = forFault(client, fault);
				observed.clear();
				routes().forEach((route, call) -> {
					String description = engine + ", " + fault + ", " + route;
					AkiResponse response = call.apply(failing);
					assertThat(response.success()).as(description).isFalse();
					assertThat(response.error()).as(description).isNotBlank();
					assertHidden(description, seen(response));
					if (fault == Fault.SILENT) {
						assertThat(response.error()).as(description).contains("0.2 s");
					}
				});
				if (!shownByTheEnginesOwnException(fault)) {
					assertObservationsHideTheKey(engine + ", " + fault);
				}
			}
		});
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void noRaisedExceptionShowsTheKey(Engine engine) {
		run(engine, (client) -> {
			for (Fault fault : List.of(Fault.ERROR_STATUS, Fault.STATUS_LINE, Fault.HEADER, Fault.CHUNK, Fault.REDIRECT,
					Fault.MALFORMED, Fault.RESET, Fault.NO_TLS)) {
				server.fail(fault);
				AkiClient raising = forFault(client, fault).mutate().raiseExceptions(true).build();
				routes().forEach((route, call) -> {
					Throwable thrown = catchThrowable(() -> call.apply(raising));
					assertThat(thrown).as(fault + ", " + route).isInstanceOf(AkiException.class);
					assertHidden(engine + ", " + fault + ", " + route, texts(thrown));
				});
			}
		});
	}

	private static void assertObservationsHideTheKey(String description) {
		assertThat(observed).as(description).isNotEmpty().allSatisfy((context) -> {
			List<String> texts = new ArrayList<>(List.of(String.valueOf(context.getName()),
					String.valueOf(context.getContextualName()), context.getAllKeyValues().toString()));
			if (context.getError() != null) {
				texts.addAll(texts(context.getError()));
			}
			assertHidden(description, texts);
		});
	}

	/**
	 * Return whether observations contain the exception of the engine. If the start of a
	 * response is malformed, the exception reaches observations unchanged, before the
	 * client sees it, see {@code docs/security.md}.
	 */
	private static boolean shownByTheEnginesOwnException(Fault fault) {
		return switch (fault) {
			case STATUS_LINE, STATUS_CODE, HEADER, CONTENT_LENGTH, CHUNK -> true;
			default -> false;
		};
	}

	@Test
	void failuresOfTheApplicationDoNotShowTheKey() {
		run(Engine.JDK, (client) -> {
			server.fail(Fault.ERROR_STATUS);
			Throwable thrown = catchThrowable(() -> client.doApiRequest(PARAMS, (info, data) -> {
				throw new UnsupportedOperationException("callback");
			}));
			assertThat(thrown).isInstanceOf(UnsupportedOperationException.class);
			assertHidden("callback", texts(thrown));
			AkiClient supplied = client.mutate().apiKey(() -> {
				throw new UnsupportedOperationException("vault");
			}).build();
			routes().forEach((route, call) -> {
				Throwable failure = catchThrowable(() -> call.apply(supplied));
				assertThat(failure).as(route).isInstanceOf(IllegalStateException.class);
				assertHidden(route, texts(failure));
			});
		});
	}

	@ParameterizedTest
	@EnumSource(Engine.class)
	void halfOfTheKeyIsNotShownEither(Engine engine) {
		run(engine, (client) -> {
			server.fail(Fault.CUT_IN_THE_KEY);
			assertThat(client.getEndpointList().error()).doesNotContain(KEY.substring(0, KEY.length() / 3));
		});
	}

	private static AkiClient forFault(AkiClient client, Fault fault) {
		return switch (fault) {
			case SILENT -> client.mutate()
				.readTimeout(Duration.ofMillis(200))
				.progressTimeout(Duration.ofMillis(200))
				.cancelTimeout(Duration.ofMillis(200))
				.build();
			// a poll that contains no information is followed by another poll
			case NAME ->
				client.mutate().jobTimeout(Duration.ofMillis(100)).cancelTimeout(Duration.ofMillis(100)).build();
			case TOO_LARGE -> client.mutate().maxResponseSize(DataSize.ofKilobytes(20)).build();
			case NO_TLS -> client.mutate().apiServer("https://localhost:" + server.port()).build();
			case REFUSED -> client.mutate().apiServer("http://localhost:" + closedPort).build();
			default -> client;
		};
	}

	private static Map<String, Function<AkiClient, AkiResponse>> routes() {
		Map<String, Function<AkiClient, AkiResponse>> routes = new LinkedHashMap<>();
		routes.put("call", (client) -> client.doApiRequest(PARAMS));
		routes.put("progress", (client) -> client.doApiRequest(PARAMS, (info, data) -> {
		}));
		routes.put("resume", (client) -> await(client.resume("j#1").result()));
		routes.put("cancel", (client) -> client.cancelRequest("j#1"));
		routes.put("validate_key", AkiClient::initApiKey);
		routes.put("endpoints", AkiClient::getEndpointList);
		routes.put("endpoint", (client) -> client.getEndpointDetails("chat"));
		return routes;
	}

	private static AkiResult await(CompletableFuture<AkiResult> result) {
		try {
			return result.get(30, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw (RuntimeException) ex.getCause();
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

	private static List<String> seen(AkiResponse response) {
		List<String> texts = new ArrayList<>(
				List.of(String.valueOf(response.error()), response.toString(), JSON.writeValueAsString(response)));
		texts.addAll(texts(catchThrowable(response::orThrow)));
		return texts;
	}

	/**
	 * Return the texts of an exception, of its causes and of its suppressed exceptions.
	 */
	private static List<String> texts(Throwable thrown) {
		StringWriter trace = new StringWriter();
		thrown.printStackTrace(new PrintWriter(trace));
		List<String> texts = new ArrayList<>(List.of(trace.toString()));
		for (Throwable next = thrown; next != null; next = next.getCause()) {
			texts.add(String.valueOf(next.getMessage()));
			texts.add(String.valueOf(next.getLocalizedMessage()));
		}
		return texts;
	}

	private static void assertHidden(String description, List<String> texts) {
		assertThat(texts).as(description).isNotEmpty().noneMatch(TestKeys::isShownBy);
	}

	private static void run(Engine engine, Consumer<AkiClient> test) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				observed.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
					RestClientObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> registry)
			.withPropertyValues("aki.io.api-server=http://localhost:" + server.port(), "aki.io.api-key=" + KEY,
					"aki.io.endpoint=chat", "aki.io.retry.max-attempts=2", "aki.io.retry.delay=1ms",
					"aki.io.progress-interval=1ms", "aki.io.outage-timeout=20ms", "aki.io.logging.requests=bodies");
		if (engine == Engine.JDK) {
			runner = runner.withClassLoader(new FilteredClassLoader("org.apache.hc"));
		}
		runner.run((context) -> test.accept(context.getBean(AkiClient.class)));
	}

	enum Engine {

		JDK, APACHE

	}

}
