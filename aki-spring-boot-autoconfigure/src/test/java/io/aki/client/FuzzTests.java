package io.aki.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.type.TypeReference;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends mutated responses to the client over HTTP. For any response, a call ends with a
 * result or a failure, and throws no exception. The seeds make a failure reproducible.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FuzzTests {

	private static final int CASES = 10_000;

	private static final int SEQUENCES = 300;

	private static final List<Map<String, Object>> TRANSCRIPTS = transcripts();

	private final RawServer server = new RawServer();

	/** Advances by 10 ms at each read, so that waits end without a delay. */
	private final AtomicLong clock = new AtomicLong();

	private final AkiClient client = ((DefaultAkiClientBuilder) AkiClient.builder())
		.timing(new Timing(() -> this.clock.addAndGet(10_000_000), () -> 0, (wait) -> {
		}))
		.apiServer(this.server.url())
		.apiKey("test-key")
		.endpoint("llama3_8b_chat")
		.progressInterval(Duration.ofMillis(1))
		.outageTimeout(Duration.ofMillis(20))
		.jobTimeout(Duration.ofMillis(60))
		.cancelTimeout(Duration.ofMillis(60))
		.progressTimeout(Duration.ofSeconds(20))
		.maxResponseSize(DataSize.ofKilobytes(64))
		.retry(new AkiRetryPolicy(1, Duration.ZERO, 1, Duration.ofMillis(1)))
		.build();

	@AfterEach
	void close() {
		this.client.close();
		this.server.close();
	}

	@Test
	void mutatedAnswersEndInAResultOrAFailure() {
		int successes = 0;
		for (int seed = 0; seed < CASES; seed++) {
			Map<String, Object> transcript = TRANSCRIPTS.get(seed % TRANSCRIPTS.size());
			Random random = new Random(seed);
			RawServer.Reply reply = Mutation.of(transcript, random);
			this.server.script(reply);
			String path = (String) ((Map<?, ?>) transcript.get("request")).get("path");
			String description = "seed " + seed + ", " + transcript.get("name") + ": " + reply;
			AkiResponse response = call(path);
			if (response.success()) {
				successes++;
				assertThat(isGood(path, reply)).as(description).isTrue();
			}
			else {
				assertThat(response.error()).as(description).isNotBlank();
			}
			assertThat(ScriptedServer.JSON.writeValueAsString(response)).as(description).doesNotContain("test-key");
		}
		assertThat(successes).as("some mutations do no harm").isBetween(CASES / 50, CASES / 2);
	}

	@Test
	void mutatedSequencesOfPollsEndInAResultOrAFailure() {
		List<Map<String, Object>> polls = TRANSCRIPTS.stream()
			.filter((transcript) -> ((String) transcript.get("name")).startsWith("progress"))
			.toList();
		for (int seed = 0; seed < SEQUENCES; seed++) {
			Random random = new Random(seed);
			List<RawServer.Reply> sequence = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Map<String, Object> poll = polls.get(random.nextInt(polls.size()));
				sequence.add(random.nextBoolean() ? Mutation.none(poll) : Mutation.of(poll, random));
			}
			this.server.script(sequence.toArray(RawServer.Reply[]::new));
			AkiResult result = this.client.resume("j#1").result().join();
			String description = "seed " + seed + ": " + sequence;
			if (result.success()) {
				assertThat(sequence).as(description)
					.anySatisfy((reply) -> assertThat(isGood("/api/progress/x", reply)).isTrue());
			}
			else {
				assertThat(result.error()).as(description).isNotBlank();
			}
		}
	}

	private AkiResponse call(String path) {
		if (path.startsWith("/api/progress")) {
			return this.client.resume("j#1").result().join();
		}
		if (path.startsWith("/api/call")) {
			return this.client.doApiRequest(Map.of("prompt_input", "x"));
		}
		if (path.startsWith("/api/endpoints/")) {
			return this.client.getEndpointDetails("x");
		}
		return path.startsWith("/api/endpoints") ? this.client.getEndpointList() : this.client.initApiKey();
	}

	/**
	 * Return whether a response may be a success. This check does not use the client.
	 */
	private static boolean isGood(String path, RawServer.Reply reply) {
		if (reply.status() >= 300 || reply.cut()) {
			return false;
		}
		Map<String, Object> body;
		try {
			body = ScriptedServer.JSON.readValue(reply.body(), new TypeReference<Map<String, Object>>() {
			});
		}
		catch (RuntimeException ex) {
			return false;
		}
		if (body == null) {
			return false;
		}
		if (path.startsWith("/api/progress")) {
			return body.get("job_result") instanceof Map<?, ?> result && !result.isEmpty()
					&& !Boolean.FALSE.equals(result.get("success"));
		}
		if (path.startsWith("/api/call")) {
			return Boolean.TRUE.equals(body.get("success")) && body.size() > 3;
		}
		return !Boolean.FALSE.equals(body.get("success"));
	}

	private static List<Map<String, Object>> transcripts() {
		try (InputStream stream = Objects.requireNonNull(FuzzTests.class.getResourceAsStream("transcripts.jsonl"))) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines()
				.<Map<String, Object>>map((line) -> ScriptedServer.JSON.readValue(line,
						new TypeReference<LinkedHashMap<String, Object>>() {
						}))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The ways to mutate a response.
	 */
	private enum Mutation {

		CUT {
			@Override
			byte[] apply(Object body, Random random) {
				byte[] json = json(body);
				return java.util.Arrays.copyOf(json, random.nextInt(json.length + 1));
			}
		},

		SWAP_TYPE {
			@Override
			byte[] apply(Object body, Random random) {
				return json(change(body, random,
						(value) -> List
							.of("text", 42, -1.5e300, true, false, List.of(), Map.of(), List.of(List.of(1)), "",
									Long.MAX_VALUE)
							.get(random.nextInt(10))));
			}
		},

		TO_NULL {
			@Override
			byte[] apply(Object body, Random random) {
				return json(change(body, random, (value) -> null));
			}
		},

		DROP_FIELD {
			@Override
			byte[] apply(Object body, Random random) {
				return json(drop(body, random));
			}
		},

		NEST {
			@Override
			byte[] apply(Object body, Random random) {
				int depth = 1 + random.nextInt(2000);
				String nested = "[".repeat(depth) + "]".repeat(depth);
				String json = new String(json(change(body, random, (value) -> "NESTED")), StandardCharsets.UTF_8);
				return json.replace("\"NESTED\"", nested).getBytes(StandardCharsets.UTF_8);
			}
		},

		HUGE {
			@Override
			byte[] apply(Object body, Random random) {
				return json(change(body, random, (value) -> "x".repeat(60_000 + random.nextInt(20_000))));
			}
		},

		INVALID_UTF_8 {
			@Override
			byte[] apply(Object body, Random random) {
				byte[] json = json(body);
				for (int i = 0; i < 3; i++) {
					json[random.nextInt(json.length)] = (byte) (0x80 + random.nextInt(0x80));
				}
				return json;
			}
		},

		GARBAGE {
			@Override
			byte[] apply(Object body, Random random) {
				byte[] garbage = new byte[random.nextInt(300)];
				random.nextBytes(garbage);
				return garbage;
			}
		},

		TRAILING {
			@Override
			byte[] apply(Object body, Random random) {
				ByteArrayOutputStream bytes = new ByteArrayOutputStream();
				bytes.writeBytes(json(body));
				bytes.writeBytes(new byte[] { ' ', '{', '}' });
				return bytes.toByteArray();
			}
		};

		private static final int[] STATUSES = { 200, 200, 200, 200, 201, 204, 302, 400, 401, 402, 404, 418, 429, 500,
				503, 599 };

		abstract byte[] apply(Object body, Random random);

		static RawServer.Reply of(Map<String, Object> transcript, Random random) {
			Mutation[] mutations = values();
			byte[] body = mutations[random.nextInt(mutations.length)].apply(body(transcript), random);
			int status = random.nextInt(3) == 0 ? STATUSES[random.nextInt(STATUSES.length)] : status(transcript);
			return new RawServer.Reply(status, body, random.nextInt(10) == 0);
		}

		static RawServer.Reply none(Map<String, Object> transcript) {
			return new RawServer.Reply(status(transcript), json(body(transcript)), false);
		}

		private static Object body(Map<String, Object> transcript) {
			return ((Map<?, ?>) transcript.get("response")).get("body");
		}

		private static int status(Map<String, Object> transcript) {
			return (Integer) ((Map<?, ?>) transcript.get("response")).get("status");
		}

		private static byte[] json(Object body) {
			return (body instanceof String text) ? text.getBytes(StandardCharsets.UTF_8)
					: ScriptedServer.JSON.writeValueAsBytes(body);
		}

		private static Object change(Object value, Random random, java.util.function.UnaryOperator<Object> change) {
			if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(4) > 0) {
				Map<Object, Object> changed = new LinkedHashMap<>(map);
				Object name = new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
				changed.put(name, change(map.get(name), random, change));
				return changed;
			}
			return change.apply(value);
		}

		private static Object drop(Object value, Random random) {
			if (value instanceof Map<?, ?> map && !map.isEmpty()) {
				Map<Object, Object> changed = new LinkedHashMap<>(map);
				Object name = new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
				if (map.get(name) instanceof Map && random.nextBoolean()) {
					changed.put(name, drop(map.get(name), random));
				}
				else {
					changed.remove(name);
				}
				return changed;
			}
			return value;
		}

	}

}
