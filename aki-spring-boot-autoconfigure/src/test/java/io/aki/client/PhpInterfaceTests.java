package io.aki.client;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for each row of the table of PHP in {@code docs/migration.md}. Another test
 * checks that no row is missing.
 */
class PhpInterfaceTests {

	private static final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(50).build();

	private static final String CHAT_CONTEXT_JSON = "[{\"role\":\"user\",\"content\":\"Tell me a joke\"}]";

	private static final Map<String, Object> CHAT = Map.of("chat_context",
			List.of(new Message("user", "Tell me a joke")), "max_gen_tokens", 200);

	private static final Map<String, Object> HANG = Map.of("prompt_input", "HANG");

	private final AkiClient aki = client().build();

	@BeforeEach
	void reset() {
		emulator.reset();
	}

	@AfterAll
	static void stop() {
		emulator.close();
	}

	private static AkiClient.Builder client() {
		return AkiClient.builder()
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.progressInterval(Duration.ofMillis(5));
	}

	@Test
	@Row("new Aki($endpointName, $apiKey, $options)")
	@Row("doApiRequest($params)")
	void doApiRequestWaitsOnTheServer() {
		AkiResult result = this.aki.doApiRequest(CHAT);
		assertThat(result.success()).isTrue();
		assertThat(result.text()).isNotEmpty();
		assertThat(emulator.requests()).singleElement()
			.satisfies((request) -> assertThat(request.body()).containsEntry("wait_for_result", true)
				.containsEntry("key", "test-key")
				.containsEntry("chat_context", CHAT_CONTEXT_JSON)
				.containsEntry("max_gen_tokens", 200)
				.hasSize(4));
	}

	@Test
	@Row("doApiRequest($params, $progressCallback)")
	@Row("$progressInfo['job_id']")
	@Row("$progressInfo['progress']")
	@Row("$progressInfo['queue_position']")
	@Row("$progressInfo['estimate']")
	@Row("$progressInfo['job_state']")
	@Row("$progressInfo['success']")
	@Row("$progressData")
	@Row("$progressData['text']")
	void doApiRequestWithACallbackPollsInTheCallersThread() {
		List<AkiProgress> reports = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		AkiEmulatorClock clock = AkiEmulatorClock.create();
		AkiResult result;
		try (AkiEmulator stepwise = AkiEmulator.builder().clock(clock).build()) {
			result = client().apiServer(stepwise.apiServer()).build().doApiRequest(CHAT, (info, data) -> {
				reports.add(new AkiProgress(info, data));
				threads.add(Thread.currentThread());
				clock.advance(Duration.ofMillis(200));
			});
		}
		assertThat(result.success()).isTrue();
		assertThat(threads).containsOnly(Thread.currentThread());
		assertThat(reports.get(0).info())
			.isEqualTo(new AkiProgressInfo(result.jobId(), 0, -1, -1, AkiJobState.QUEUED, "queued", true));
		assertThat(reports.get(0).data()).isNull();
		AkiProgress last = reports.get(reports.size() - 1);
		assertThat(last.info().jobId()).isEqualTo(result.jobId());
		assertThat(last.info().progress()).isBetween(0.0, 100.0);
		assertThat(last.info().queuePosition()).isZero();
		assertThat(last.info().estimate()).isGreaterThanOrEqualTo(0);
		assertThat(last.info().jobState()).isEqualTo(AkiJobState.RUNNING);
		assertThat(last.info().serverState()).isEqualTo("processing");
		assertThat(last.info().success()).isTrue();
		assertThat(last.data()).isNotNull();
		assertThat(result.text()).startsWith(last.data().text());
	}

	@Test
	@Row("doApiRequestAsync($params, $progressCallback)")
	void doApiRequestAsyncReturnsAtOnce() {
		List<AkiProgressInfo> infos = new ArrayList<>();
		AkiJob job = this.aki.doApiRequestAsync(CHAT, (info, data) -> infos.add(info));
		AkiResult result = job.result().join();
		assertThat(result.success()).isTrue();
		assertThat(job.jobId()).isEqualTo(result.jobId());
		assertThat(infos).isNotEmpty();
		assertThat(this.aki.doApiRequestAsync(CHAT).result().join().success()).isTrue();
	}

	@Test
	@Row("doApiRequestAwait($params, $progressCallback)")
	void doApiRequestAwaitPollsAndReturnsTheResult() {
		List<AkiProgressInfo> infos = new ArrayList<>();
		assertThat(this.aki.doApiRequestAwait(CHAT, (info, data) -> infos.add(info)).success()).isTrue();
		assertThat(infos).isNotEmpty();
		assertThat(this.aki.doApiRequestAwait(CHAT).success()).isTrue();
		assertThat(emulator.requests()).anySatisfy((request) -> assertThat(request.path()).contains("/api/progress/"));
	}

	@Test
	@Row("initApiKey($apiKey)")
	@Row("getVersion()")
	void initApiKeyValidatesAndTellsTheVersion() {
		assertThat(this.aki.initApiKey().success()).isTrue();
		assertThat(emulator.requests().get(0).query()).containsEntry("version", AkiClient.getVersion());
		assertThat(AkiClient.getVersion()).matches("Java AKI\\.IO Client \\d+\\.\\d+\\.\\d+.*");
		assertThat(this.aki.initApiKey("bad").success()).isFalse();
		assertThat(this.aki.doApiRequest(CHAT).errorCode()).isEqualTo(401);
	}

	@Test
	@Row("getEndpointList($apiKey)")
	void getEndpointListNamesTheEndpoints() {
		assertThat(this.aki.getEndpointList().endpoints()).contains("llama3_8b_chat", "z_image_turbo", "xttsv2");
		assertThat(this.aki.getEndpointList("bad").errorCode()).isEqualTo(401);
	}

	@Test
	@Row("getEndpointDetails($name, $apiKey)")
	void getEndpointDetailsDescribesAnEndpoint() {
		AkiEndpointDetails details = this.aki.getEndpointDetails("z_image_turbo");
		assertThat(details.name()).isEqualTo("z_image_turbo");
		assertThat(details.parameterDescription().get("input")).asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsKey("prompt");
		assertThat(this.aki.getEndpointDetails("z_image_turbo", "bad").errorCode()).isEqualTo(401);
	}

	@Test
	@Row("cancelRequest()")
	void cancelRequestCancelsEveryJobOfTheClient() {
		AkiJob first = this.aki.doApiRequestAsync(HANG);
		AkiJob second = this.aki.forEndpoint("z_image_turbo").doApiRequestAsync(Map.of("prompt", "HANG"));
		awaitAcceptance(first);
		awaitAcceptance(second);
		this.aki.cancelRequest();
		assertThat(first.result().join().error()).isEqualTo("canceled");
		assertThat(second.result().join().jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
	}

	@Test
	@Row("cancelRequest($jobId)")
	@Row("$aki->cancelRequest($progressInfo['job_id']) in a callback")
	void cancelRequestInACallbackCancelsItsJob() {
		AkiResult result = this.aki.doApiRequest(HANG, (info, data) -> this.aki.cancelRequest(info.jobId()));
		assertThat(result.success()).isFalse();
		assertThat(result.error()).isEqualTo("canceled");
		assertThat(result.jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
	}

	@Test
	@Row("$aki->cancelRequest($storedJobId)")
	void cancelRequestCancelsAJobThatOnlyItsIdIsKnownOf() {
		AkiJob job = this.aki.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		AkiResult answer = client().build().cancelRequest(job.jobId());
		assertThat(answer.success()).isTrue();
		assertThat(answer.jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
		assertThat(job.result().join().success()).isFalse();
	}

	@Test
	@Row("appendProgressInputParams($jobId, $params)")
	void appendProgressInputParamsAreSentWithTheNextPollOnce() {
		this.aki.doApiRequest(HANG, (info, data) -> {
			if (info.queuePosition() == -1) {
				this.aki.appendProgressInputParams(info.jobId(), Map.of("hint", List.of(1, 2)));
				this.aki.appendProgressInputParams(info.jobId(), Map.of("more", true));
			}
			else if (emulator.jobs().get(0).polls() > 2) {
				this.aki.cancelRequest();
			}
		});
		assertThat(emulator.requests()).filteredOn((request) -> request.body().containsKey("hint"))
			.singleElement()
			.satisfies((request) -> {
				assertThat(request.path()).isEqualTo("/api/progress/llama3_8b_chat");
				assertThat(request.body()).containsEntry("hint", "[1,2]").containsEntry("more", true);
			});
	}

	@Test
	@Row("setApiKey($apiKey)")
	void setApiKeyAppliesToAllFurtherExchanges() {
		AkiClient other = client().apiKey("bad").build();
		AkiClient view = other.forEndpoint("z_image_turbo");
		assertThat(view.doApiRequest(Map.of("prompt", "x")).errorCode()).isEqualTo(401);
		other.setApiKey("test-key");
		assertThat(view.doApiRequest(Map.of("prompt", "x", "width", 128, "height", 128)).success()).isTrue();
	}

	@Test
	@Row("Aki::encodeBinary($binaryData, $mediaFormat, $mediaType)")
	@Row("Aki::detectMediaTypeFromFormat($mediaFormat)")
	void encodeBinaryMakesADataUri() {
		byte[] data = { 1, 2, 3 };
		assertThat(AkiClient.encodeBinary(data, "PNG")).isEqualTo("data:image/png;base64,AQID");
		assertThat(AkiClient.encodeBinary(data, "wav")).isEqualTo("data:audio/wav;base64,AQID");
		assertThat(AkiClient.encodeBinary(data, "wav", "sound")).isEqualTo("data:sound/wav;base64,AQID");
		assertThat(AkiClient.encodeBinary(data, "octet-stream", null))
			.isEqualTo("data:octet-stream/octet-stream;base64,AQID");
		assertThat(List.of("png", "jpeg", "JPG", "webp", "tiff", "gif", "bmp"))
			.allSatisfy((format) -> assertThat(AkiClient.detectMediaTypeFromFormat(format)).isEqualTo("image"));
		assertThat(List.of("wav", "mp3", "ogg", "flac"))
			.allSatisfy((format) -> assertThat(AkiClient.detectMediaTypeFromFormat(format)).isEqualTo("audio"));
		assertThat(AkiClient.detectMediaTypeFromFormat("xyz")).isEqualTo("octet-stream");
	}

	@Test
	@Row("Aki::decodeBinary($base64Data)")
	void decodeBinaryReadsDataUrisAndBareBase64() {
		assertThat(AkiClient.decodeBinary("data:image/JPEG;base64,AQID"))
			.isEqualTo(new AkiBinary("jpeg", new byte[] { 1, 2, 3 }));
		assertThat(AkiClient.decodeBinary("AQID")).isEqualTo(new AkiBinary("octet-stream", new byte[] { 1, 2, 3 }));
		assertThat(AkiClient.decodeBinary("data:nonsense,AQID").format()).isEqualTo("octet-stream");
		for (String bad : Arrays.asList(null, "", "no base64!", "data:image/png;base64,", "data:image/png;base64,?")) {
			assertThatIllegalArgumentException().isThrownBy(() -> AkiClient.decodeBinary(bad));
		}
	}

	@Test
	@Row("Aki::checkIfValidBase64String($string)")
	void checkIfValidBase64StringIsStrict() {
		assertThat(List.of("AQID", "AQ==", "data:image/png;base64,AQID"))
			.allSatisfy((valid) -> assertThat(AkiClient.checkIfValidBase64String(valid)).isTrue());
		assertThat(Arrays.asList("Yes,okay", "AQ", "AR==", "", "A QID", "data:image/png;base64,", null))
			.allSatisfy((invalid) -> assertThat(AkiClient.checkIfValidBase64String(invalid)).isFalse());
	}

	@Test
	@Row("Aki::checkIfValidJsonString($string)")
	void checkIfValidJsonStringTakesOneCompleteValue() {
		assertThat(List.of("{}", "[1, 2]", "\"text\"", "1.5", "null", " true "))
			.allSatisfy((valid) -> assertThat(AkiClient.checkIfValidJsonString(valid)).isTrue());
		assertThat(Arrays.asList("", " ", "{", "{} {}", "text", "{'a': 1}", null))
			.allSatisfy((invalid) -> assertThat(AkiClient.checkIfValidJsonString(invalid)).isFalse());
	}

	@Test
	@Row("api_server")
	void apiServerIsTheBaseUrl() {
		assertThat(client().apiServer(emulator.apiServer() + "/").build().initApiKey().success()).isTrue();
		assertThat(AkiClient.builder().build()).hasToString("AkiClient[https://aki.io, endpoint none]");
	}

	@Test
	@Row("output_binary_format")
	@Row("images")
	@Row("Aki::decodeBinary($imageData) to a file")
	void imagesAreDataUrisOrBytes(@TempDir Path directory) throws IOException {
		Map<String, Object> params = Map.of("prompt", "A cute robot on a beach", "width", 128, "height", 128, "seed",
				1);
		AkiResult result = this.aki.forEndpoint("z_image_turbo").doApiRequest(params);
		assertThat(result.images()).singleElement().asString().startsWith("data:image/");
		Path file = AkiClient.decodeBinary(result.images().get(0)).writeTo(directory.resolve("image_0.jpeg"));
		assertThat(file).binaryContent().startsWith(0xff, 0xd8);
		AkiResult raw = client().endpoint("z_image_turbo")
			.outputBinaryFormat(AkiOutputBinaryFormat.RAW)
			.build()
			.doApiRequest(params);
		assertThat(((List<?>) raw.get("images")).get(0)).isEqualTo(Files.readAllBytes(file));
	}

	@Test
	@Row("audio")
	void audioIsADataUri() {
		AkiResult result = this.aki.forEndpoint("xttsv2").doApiRequest(Map.of("text", "Hello"));
		assertThat(result.audio()).startsWith("data:audio/wav;base64,");
		assertThat(result.binaries()).singleElement().satisfies((audio) -> assertThat(audio.format()).isEqualTo("wav"));
	}

	@Test
	@Row("raise_exceptions")
	@Row("error")
	@Row("error_code")
	void failuresAreAnswersOrExceptions() {
		AkiResult result = this.aki.doApiRequest(Map.of("bogus", 1));
		assertThat(result.success()).isFalse();
		assertThat(result.error()).startsWith("Invalid input parameter(s): bogus");
		assertThat(result.errorCode()).isEqualTo(400);
		AkiClient raising = client().raiseExceptions(true).build();
		assertThatExceptionOfType(AkiBadRequestException.class)
			.isThrownBy(() -> raising.doApiRequest(Map.of("bogus", 1)));
		assertThatExceptionOfType(AkiServerException.class)
			.isThrownBy(() -> raising.forEndpoint("nope").doApiRequest(CHAT));
		raising.setApiKey("bad");
		assertThatExceptionOfType(AkiPermissionException.class).isThrownBy(() -> raising.doApiRequest(CHAT));
	}

	@Test
	@Row("progress_interval")
	void progressIntervalIsThePeriodOfPolls() {
		try (ScriptedServer server = new ScriptedServer()) {
			String queued = "{\"success\": true, \"job_state\": \"queued\", \"progress\": {\"progress\": 0}}";
			server.json("{\"success\": true, \"job_id\": \"j#1\"}")
				.json(queued)
				.json(queued)
				.json("{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"text\": \"x\"}}");
			long started = System.nanoTime();
			AkiResult result = server.client()
				.progressInterval(Duration.ofMillis(150))
				.build()
				.doApiRequest(Map.of(), (info, data) -> {
				});
			assertThat(result.success()).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
		}
	}

	@Test
	@Row("return_tool_call_dict")
	void toolCallsAreJsonOrParsed() {
		Map<String, Object> params = Map.of("prompt_input", "TOOL", "chat_output_format", "json");
		assertThat(this.aki.doApiRequest(params).toolCalls()).isInstanceOf(String.class);
		assertThat(client().returnToolCallDict(true).build().doApiRequest(params).toolCalls()).isInstanceOf(List.class);
	}

	@Test
	@Row("success")
	@Row("text")
	@Row("job_id")
	@Row("num_generated_tokens")
	@Row("compute_duration")
	@Row("total_duration")
	void theResultHasTheKeysOfTheDocument() {
		AkiResult result = this.aki.doApiRequest(CHAT);
		assertThat(result.success()).isTrue();
		assertThat(result.text()).isEqualTo(result.get("text"));
		assertThat(result.jobId()).isEqualTo(emulator.jobs().get(0).id()).contains("#");
		assertThat(result.numGeneratedTokens()).isPositive();
		assertThat(result.computeDuration()).isPositive();
		assertThat(result.totalDuration()).isGreaterThanOrEqualTo(result.computeDuration());
	}

	@Test
	@Row("getenv('AKI_API_KEY')")
	void theKeyMayBeSupplied() {
		AkiClient supplied = client().apiKey(() -> "test-key").build();
		assertThat(supplied.initApiKey().success()).isTrue();
	}

	@Test
	void everyRowOfTheTableHasATestAndEveryTestHasARow() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "migration.md"));
		Matcher section = Pattern.compile("(?s)### Methods, options and fields\\n(.*?)\\n### ").matcher(page);
		assertThat(section.find()).isTrue();
		List<String> rows = Pattern.compile("(?m)^\\| `([^`]+)` \\|")
			.matcher(section.group(1))
			.results()
			.map((match) -> match.group(1))
			.toList();
		List<String> tested = Arrays.stream(PhpInterfaceTests.class.getDeclaredMethods())
			.flatMap((method) -> Arrays.stream(method.getAnnotationsByType(Row.class)))
			.map(Row::value)
			.toList();
		assertThat(tested).containsExactlyInAnyOrderElementsOf(rows);
	}

	private static void awaitAcceptance(AkiJob job) {
		job.progress().findFirst().orElseThrow();
		assertThat(job.jobId()).isNotNull();
	}

	record Message(String role, String content) {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@Repeatable(Rows.class)
	@interface Row {

		String value();

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@interface Rows {

		Row[] value();

	}

}
