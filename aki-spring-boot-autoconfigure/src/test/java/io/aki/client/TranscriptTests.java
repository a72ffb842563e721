package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Replays each response that was recorded from a real server to the client, over HTTP.
 */
class TranscriptTests {

	private static final String JOB = "f83a436c-6fff-450b-a119-88fd952450f7#12";

	private static final String ACCEPTED = "{\"success\": true, \"job_id\": \"" + JOB + "\", \"ep_version\": 3}";

	private static final String DONE = "{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"end\"}}";

	private static final Map<String, JsonNode> TRANSCRIPTS = Transcripts.all();

	private final ScriptedServer server = new ScriptedServer();

	private final Map<String, BiConsumer<ScriptedServer, JsonNode>> outcomes = new LinkedHashMap<>();

	@AfterEach
	void stop() {
		this.server.close();
	}

	@TestFactory
	Stream<DynamicTest> everyTranscriptHasTheOutcomeThatTheProtocolDemands() {
		outcome("validate_key ok", (server, recorded) -> assertThat(client(server).initApiKey().success()).isTrue());
		outcome("validate_key bad key", (server, recorded) -> {
			AkiKeyValidation validation = client(server).initApiKey("bad");
			assertThat(validation.success()).isFalse();
			assertThat(validation.error()).startsWith("Key not valid. The key comes from ");
			assertThat(validation.errorCode()).isNull();
			assertThatExceptionOfType(AkiPermissionException.class).isThrownBy(validation::orThrow);
		});
		outcome("endpoints without key", (server, recorded) -> {
			AkiEndpointList list = AkiClient.builder().apiServer(server.url()).build().getEndpointList();
			assertThat(list.endpoints()).containsExactly("xttsv2", "z_image_turbo", "llama3_8b_chat");
			assertThat(server.requests().get(0).query()).isNull();
		});
		outcome("endpoints with key", (server, recorded) -> {
			AkiEndpointList list = client(server).getEndpointList();
			assertThat(list.success()).isTrue();
			assertThat(list.endpoints()).containsExactly("xttsv2", "z_image_turbo", "llama3_8b_chat");
		});
		outcome("endpoints bad key", (server, recorded) -> {
			AkiEndpointList list = client(server).getEndpointList("bad");
			assertThat(list.endpoints()).isEmpty();
			assertFailure(list, "Key not valid", 401, AkiPermissionException.class);
		});
		outcome("endpoint details", (server, recorded) -> {
			AkiEndpointDetails details = client(server).getEndpointDetails("llama3_8b_chat");
			assertThat(details.success()).isTrue();
			assertThat(details.name()).isEqualTo("llama3_8b_chat");
			assertThat(details.title()).isEqualTo("LLama 3.x Chat");
			assertThat(details.description()).isEqualTo("Llama 3.x Instruct Chat example API");
			assertThat(details.category()).isEqualTo("chat");
			assertThat(details.version()).isEqualTo(3);
			assertThat(details.maxQueueLength()).isEqualTo(1000);
			assertThat(details.freeQueueSlots()).isEqualTo(1000);
			assertThat(details.numActiveWorkers()).isEqualTo(1);
			assertThat(details.workers()).singleElement().extracting("gpu_name").isEqualTo("NVIDIA H100");
			assertThat(details.parameterDescription()).containsOnlyKeys("input", "output", "progress");
			assertSameJson(details, recorded);
		});
		outcome("endpoint details image", (server, recorded) -> {
			AkiEndpointDetails details = client(server).getEndpointDetails("z_image_turbo");
			assertThat(details.category()).isNull();
			assertThat(details.version()).isZero();
			assertThat(details.get("max_time_in_queue")).isEqualTo(3600);
			assertSameJson(details, recorded);
		});
		outcome("endpoint details unknown", (server, recorded) -> {
			AkiEndpointDetails details = client(server).getEndpointDetails("nope");
			assertThat(details.error()).contains("404 — Not Found").contains("/api/endpoints/nope not found");
			assertThat(details.errorCode()).isEqualTo(404);
			assertThat(details.name()).isNull();
			assertThat(details.workers()).isEmpty();
			assertThat(details.parameterDescription()).isEmpty();
			assertThatExceptionOfType(AkiServerException.class).isThrownBy(details::orThrow);
		});
		outcome("call blocking", (server, recorded) -> {
			AkiResult result = client(server).doApiRequest(Map.of("max_gen_tokens", 20));
			assertThat(result.success()).isTrue();
			assertThat(result.error()).isNull();
			assertThat(result.errorCode()).isNull();
			assertThat(result.text()).endsWith("Grüße aus Berlin — naïve café 😄.");
			assertThat(result.jobId()).isEqualTo("42a6796d-92de-4dfb-9985-a5f0b1889ffa#11");
			assertThat(result.jobState()).isEqualTo(AkiJobState.DONE);
			assertThat(result.numGeneratedTokens()).isEqualTo(20);
			assertThat(result.computeDuration()).isEqualTo(0.415);
			assertThat(result.totalDuration()).isEqualTo(0.415);
			assertThat(result.get("model_name")).isEqualTo("Llama-3.1-8B-Instruct");
			assertThat(result.get("start_time")).isEqualTo(1795394742.736496);
			assertThat(result.images()).isEmpty();
			assertThat(result.audio()).isNull();
			assertSameJson(result, recorded);
		});
		outcome("call not blocking", (server, recorded) -> {
			server.json(DONE);
			List<AkiProgress> reports = new ArrayList<>();
			AkiResult result = client(server).doApiRequest(Map.of(),
					(info, data) -> reports.add(new AkiProgress(info, data)));
			assertThat(reports).containsExactly(
					new AkiProgress(new AkiProgressInfo(JOB, 0, -1, -1, AkiJobState.QUEUED, "queued", true), null));
			assertThat(result.text()).isEqualTo("end");
			assertThat(result.jobId()).isEqualTo(JOB);
		});
		for (int poll = 1; poll <= 5; poll++) {
			int number = poll;
			outcome("progress of a running chat job, poll " + poll, (server, recorded) -> {
				AkiProgress progress = secondReport(server, recorded);
				assertThat(progress.info()).isEqualTo(new AkiProgressInfo(JOB, 20.0 * (number - 1), 0,
						(number == 1) ? 0.2 : 0, AkiJobState.RUNNING, "processing", true));
				JsonNode partial = body(recorded).at("/progress/progress_data");
				if (number == 1) {
					assertThat(progress.data()).isNull();
				}
				else {
					assertThat(progress.data().text()).isEqualTo(partial.get("text").stringValue());
					assertThat(progress.data().asMap()).containsOnlyKeys("text", "num_generated_tokens",
							"current_context_length");
				}
			});
		}
		outcome("progress of a running chat job, poll 6", (server, recorded) -> {
			AkiResult result = client(server).resume(JOB).result().join();
			assertThat(result.success()).isTrue();
			assertThat(result.numGeneratedTokens()).isEqualTo(60);
			assertThat(result.jobState()).isEqualTo(AkiJobState.DONE);
			assertThat(ScriptedServer.JSON.<JsonNode>valueToTree(result))
				.isEqualTo(withoutServerFields(body(recorded).get("job_result")));
		});
		outcome("progress polled again after the result was delivered", (server, recorded) -> {
			AkiResult result = client(server).resume(JOB).result().join();
			assertFailure(result,
					"The job is done but its result is lost: the server returns a result only once, and did so before",
					null, AkiJobFailedException.class);
			assertThat(result.jobId()).isEqualTo(JOB);
			assertThat(result.jobState()).isEqualTo(AkiJobState.DONE);
		});
		outcome("image call (fills the worker)", (server, recorded) -> {
			server.json(DONE);
			AkiJob job = client(server).doApiRequestAsync(Map.of("prompt", "robot 0"));
			assertThat(job.result().join().success()).isTrue();
			assertThat(job.jobId()).isEqualTo("e5679100-a6b1-4d2a-9c8f-85bbf152d351#13");
		});
		outcome("progress of a queued image job",
				(server, recorded) -> assertThat(secondReport(server, recorded).info())
					.isEqualTo(new AkiProgressInfo(JOB, 0, 1, 0.1, AkiJobState.QUEUED, "queued", true)));
		outcome("progress of a running image job", (server, recorded) -> {
			AkiProgress progress = secondReport(server, recorded);
			assertThat(progress.info().progress()).isEqualTo(50);
			assertThat(progress.data().text()).isNull();
			assertThat(progress.data().get("progress_message")).isEqualTo("step 4/8");
			assertThat(progress.data().asMap()).containsOnlyKeys("progress_message");
		});
		outcome("progress of a finished image job", (server, recorded) -> {
			AkiResult result = client(server).resume("e5679100-a6b1-4d2a-9c8f-85bbf152d351#13").result().join();
			assertThat(result.success()).isTrue();
			assertThat(result.images()).singleElement().asString().startsWith("data:image/JPEG;base64,/9j/4AAQ");
			assertThat(result.get("seed")).isEqualTo(42);
			assertThat(result.text()).isNull();
		});
		outcome("bad key", (server, recorded) -> assertFailure(client(server).doApiRequest(Map.of()), "Key not valid",
				401, AkiPermissionException.class));
		outcome("no key",
				(server, recorded) -> assertFailure(client(server).doApiRequest(Map.of()),
						"API Key missing and client session authentication key not registered in API Server", 401,
						AkiPermissionException.class));
		outcome("unknown endpoint", (server, recorded) -> assertFailure(client(server).doApiRequest(Map.of()),
				"Requested URL /nope not found", 404, AkiServerException.class));
		outcome("unknown parameter and value out of range", (server, recorded) -> {
			AkiResult result = client(server).doApiRequest(Map.of("bogus", 1, "top_k", 5000));
			assertThat(result.error())
				.startsWith("Invalid input parameter(s): bogus; Parameter top_k = 5000 is too high.")
				.endsWith("to avoid this error.");
			assertThat(result.errorCode()).isEqualTo(400);
			assertThatExceptionOfType(AkiBadRequestException.class).isThrownBy(result::orThrow);
		});
		outcome("structured value not serialised to a string",
				(server, recorded) -> assertThat(client(server).doApiRequest(Map.of()).error())
					.startsWith("Invalid argument type chat_context="));
		outcome("missing required parameter", (server, recorded) -> assertFailure(client(server).doApiRequest(Map.of()),
				"Missing required argument: prompt", 400, AkiBadRequestException.class));
		outcome("body is not JSON", (server, recorded) -> assertFailure(client(server).doApiRequest(Map.of()),
				"Failed when parsing body as json", 400, AkiBadRequestException.class));
		outcome("worker reports an error", (server, recorded) -> {
			AkiResult result = client(server).doApiRequest(Map.of());
			assertFailure(result, "CUDA out of memory", null, AkiJobFailedException.class);
			assertThat(result.jobId()).isEqualTo("aec7204b-7334-4229-bef6-4be53d7560e8#21");
			assertThat(result.jobState()).isEqualTo(AkiJobState.DONE);
			assertThat(result.asMap()).containsEntry("success", false);
		});
		outcome("progress of an unknown job",
				(server, recorded) -> assertFailure(client(server).resume("nope").result().join(),
						"Client has no active request with this job id nope" + unknownJob("nope"), 402,
						AkiJobFailedException.class));
		outcome("progress without a job id",
				(server, recorded) -> assertFailure(client(server).resume("x").result().join(),
						"No job_id given" + unknownJob("x"), 402, AkiJobFailedException.class));
		outcome("call that will hang", (server, recorded) -> {
			server.json(DONE);
			AkiJob job = client(server).doApiRequestAsync(Map.of("prompt_input", "HANG"));
			assertThat(job.result().join().success()).isTrue();
			assertThat(job.jobId()).isEqualTo("f4acd2d1-0791-4555-adb9-dc70f8e8c810#22");
		});
		outcome("cancel (this server version ignores it)", (server, recorded) -> {
			AkiResult result = client(server).mutate()
				.cancelTimeout(Duration.ofSeconds(1))
				.build()
				.cancelRequest("f4acd2d1-0791-4555-adb9-dc70f8e8c810#22");
			assertThat(result.success()).isFalse();
			assertThat(result.error()).contains("did not confirm");
			assertThat(result.jobState()).isEqualTo(AkiJobState.RUNNING);
			assertThat(server.requests().get(0).json()).isEqualTo(
					Map.of("key", "test-key", "job_id", "f4acd2d1-0791-4555-adb9-dc70f8e8c810#22", "cancel", true));
		});
		outcome("progress of a lapsed job", (server, recorded) -> {
			AkiResult result = client(server).resume("f4acd2d1-0791-4555-adb9-dc70f8e8c810#22").result().join();
			assertFailure(result, "Job f4acd2d1-0791-4555-adb9-dc70f8e8c810#22 on llama3_8b_chat lapsed!", 400,
					AkiLapsedException.class);
			assertThat(result.jobState()).isEqualTo(AkiJobState.LAPSED);
		});
		return this.outcomes.entrySet().stream().map((entry) -> DynamicTest.dynamicTest(entry.getKey(), () -> {
			try (ScriptedServer server = new ScriptedServer()) {
				JsonNode recorded = Objects.requireNonNull(TRANSCRIPTS.get(entry.getKey()), entry.getKey());
				boolean inTheMiddleOfAJob = body(recorded).has("progress")
						&& body(recorded).get("success").booleanValue()
						&& !recorded.at("/request/body/cancel").booleanValue(false);
				if (!inTheMiddleOfAJob) {
					server.reply(reply(recorded));
				}
				entry.getValue().accept(server, recorded);
				String route = recorded.at("/request/path").stringValue().split("/")[2];
				assertThat(server.requests())
					.anySatisfy((request) -> assertThat(request.path()).startsWith("/api/" + route));
			}
		}));
	}

	@Test
	void thereAre34TranscriptsAndEachHasAnOutcome() {
		everyTranscriptHasTheOutcomeThatTheProtocolDemands();
		assertThat(TRANSCRIPTS).hasSize(34);
		assertThat(this.outcomes.keySet()).containsExactlyInAnyOrderElementsOf(TRANSCRIPTS.keySet());
	}

	@Test
	void aWholeJobReplaysFromStartToResult() {
		this.server.reply(reply(TRANSCRIPTS.get("call not blocking")));
		for (int poll = 1; poll <= 6; poll++) {
			this.server.reply(reply(TRANSCRIPTS.get("progress of a running chat job, poll " + poll)));
		}
		StringBuilder pieces = new StringBuilder();
		AkiTextStream stream = new AkiTextStream(pieces::append);
		List<Double> progress = new ArrayList<>();
		AkiResult result = stream
			.finish(client(this.server).doApiRequest(Map.of("chat_context", List.of()), (info, data) -> {
				progress.add(info.progress());
				stream.onProgress(info, data);
			}));
		assertThat(progress).containsExactly(0.0, 0.0, 20.0, 40.0, 60.0, 80.0);
		assertThat(pieces).hasToString(result.text()).endsWith("😄.");
	}

	private static String unknownJob(String jobId) {
		return ". The server does not know the job (any more): its result was fetched or has expired, or the server was"
				+ " restarted. If instead the key may not use the endpoint, correct the key; then resume(\"" + jobId
				+ "\") follows it again";
	}

	private void outcome(String name, BiConsumer<ScriptedServer, JsonNode> outcome) {
		this.outcomes.put(name, outcome);
	}

	private static AkiClient client(ScriptedServer server) {
		return server.client().build();
	}

	private static AkiProgress secondReport(ScriptedServer server, JsonNode recorded) {
		server.json(ACCEPTED).reply(reply(recorded)).json(DONE);
		List<AkiProgress> reports = new ArrayList<>();
		client(server).doApiRequest(Map.of(), (info, data) -> reports.add(new AkiProgress(info, data)));
		assertThat(reports).hasSize(2);
		AkiProgress report = reports.get(1);
		AkiProgressInfo info = report.info();
		return new AkiProgress(new AkiProgressInfo(JOB, info.progress(), info.queuePosition(), info.estimate(),
				info.jobState(), info.serverState(), info.success()), report.data());
	}

	private static void assertFailure(AkiResponse response, String error, Integer code,
			Class<? extends AkiException> exception) {
		assertThat(response.success()).isFalse();
		assertThat(response.error()).startsWith(error);
		assertThat(response.errorCode()).isEqualTo(code);
		assertThatExceptionOfType(exception).isThrownBy(response::orThrow).satisfies((ex) -> {
			assertThat(ex).hasMessageContaining(error);
			assertThat(ex.errorCode()).isEqualTo(code);
		});
		JsonNode json = ScriptedServer.JSON.valueToTree(response);
		assertThat(json.get("success").booleanValue()).isFalse();
		assertThat(json.get("error").stringValue()).startsWith(error);
	}

	private static void assertSameJson(AkiResponse response, JsonNode recorded) {
		JsonNode expected = (response instanceof AkiResult) ? withoutServerFields(body(recorded)) : body(recorded);
		assertThat(ScriptedServer.JSON.readTree(ScriptedServer.JSON.writeValueAsString(response))).isEqualTo(expected);
	}

	private static JsonNode withoutServerFields(JsonNode result) {
		ObjectNode visible = ((ObjectNode) result).deepCopy();
		visible.remove(List.of("auth", "worker_interface_version", "start_time", "start_time_compute",
				"result_received_time"));
		return visible;
	}

	private static JsonNode body(JsonNode recorded) {
		return recorded.at("/response/body");
	}

	private static ScriptedServer.Reply reply(JsonNode recorded) {
		JsonNode response = recorded.get("response");
		JsonNode body = response.get("body");
		return ScriptedServer.Reply.of(response.get("status").intValue(), response.get("contentType").stringValue(),
				body.isString() ? body.stringValue() : body.toString());
	}

}
