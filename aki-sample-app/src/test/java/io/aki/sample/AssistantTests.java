package io.aki.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class AssistantTests {

	private static final String API = "/api/assistant";

	private static final JsonMapper json = new JsonMapper();

	private final AkiEmulator emulator;

	private final int port;

	private final SampleClient sample;

	AssistantTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.port = port;
		this.sample = new SampleClient(port);
	}

	@BeforeEach
	void forgetEarlierJobs() {
		this.emulator.reset();
	}

	@Test
	void callOfAToolIsReportedBeforeAndAfterItsExecution() {
		List<Event> events = ask(this.sample, "What is the weather in Berlin?");
		assertThat(events.get(0)).satisfies((event) -> {
			assertThat(event.name()).isEqualTo("progress");
			assertThat(event.data()).hasToString("{\"tool\":\"weather\",\"arguments\":{\"city\":\"Berlin\"}}");
		});
		assertThat(events.get(1)).satisfies((event) -> {
			assertThat(event.name()).isEqualTo("progress");
			assertThat(event.data().path("arguments").path("city").asString()).isEqualTo("Berlin");
			assertThat(event.data().path("result").asString()).startsWith("Berlin: ").endsWith(" (an invented value)");
		});
		assertThat(events.subList(2, events.size() - 1)).isNotEmpty().extracting(Event::name).containsOnly("delta");
		assertThat(answer(events)).startsWith("The tool weather says: \"Berlin: ");
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void lastEventContainsTheTokensOfAllJobs() {
		List<Event> events = ask(this.sample, "What time is it in Tokyo?");
		Event done = events.get(events.size() - 1);
		assertThat(done.name()).isEqualTo("done");
		assertThat(done.data().propertyNames()).containsExactlyInAnyOrder("model_name", "prompt_length",
				"num_generated_tokens");
		assertThat(done.data().path("num_generated_tokens").asInt()).isGreaterThan(answer(events).split(" ").length);
		assertThat(answer(events)).contains("in the time zone Asia/Tokyo");
	}

	@Test
	void failureOfAToolIsReportedAndSentToTheModel() {
		List<Event> events = ask(this.sample, "What time is it in Atlantis?");
		assertThat(events.get(1).data().path("result").asString()).isEqualTo("There is no time zone 'Atlantis'");
		assertThat(answer(events)).contains("There is no time zone 'Atlantis'");
	}

	@Test
	void answerWithoutAToolIsStreamed() {
		List<Event> events = ask(this.sample, "Tell me a joke about {computers}");
		assertThat(events).hasSizeGreaterThan(2).noneMatch((event) -> event.name().equals("progress"));
		assertThat(answer(events)).isNotBlank();
	}

	@Test
	void reasoningIsNotPartOfTheAnswer() {
		this.emulator.replies().add(AkiEmulatorReply.text("Yes.").thinking("Let me see."));
		List<Event> events = ask(this.sample, "Really?");
		assertThat(text(events, "thinking")).isEqualTo("Let me see.");
		assertThat(answer(events)).isEqualTo("Yes.");
	}

	@Test
	void secondQuestionIsSentWithTheFirstOne() {
		String answer = answer(ask(this.sample, "What is the weather in Rome?"));
		ask(this.sample, "Tell me more");
		assertThat(lastMessages()).containsExactly("What is the weather in Rome?", answer, "Tell me more");
	}

	@Test
	void anotherSessionHasAConversationOfItsOwn() {
		ask(this.sample, "What is the weather in Rome?");
		SampleClient other = new SampleClient(this.port);
		ask(other, "Tell me more");
		assertThat(lastMessages()).containsExactly("Tell me more");
		assertThat(other.get("/assistant").body()).contains("Tell me more").doesNotContain("Rome: ");
	}

	@Test
	void newConversationBeginsWithoutTheOldMessages() {
		ask(this.sample, "What is the weather in Rome?");
		assertThat(this.sample.delete(API).statusCode()).isEqualTo(200);
		ask(this.sample, "Tell me more");
		assertThat(lastMessages()).containsExactly("Tell me more");
	}

	@Test
	void pageShowsTheConversationAsText() {
		ask(this.sample, "Is <b>this</b> bold?");
		assertThat(this.sample.get("/assistant").body()).contains("Is &lt;b&gt;this&lt;/b&gt; bold?")
			.doesNotContain("<b>this</b>", "id=\"welcome\"", "jsessionid");
	}

	@Test
	void failureIsAProblemDetail() {
		List<Event> events = ask(this.sample, "Please FAIL");
		assertThat(events).singleElement().satisfies((event) -> {
			assertThat(event.name()).isEqualTo("failure");
			assertThat(event.data().path("type").asString()).isEqualTo("urn:problem-type:aki:job-failed");
			assertThat(event.data().path("status").asInt()).isEqualTo(502);
			assertThat(event.data().path("detail").asString()).startsWith("CUDA out of memory");
			assertThat(event.data().path("job_id").asString()).isEqualTo(this.emulator.jobs().get(0).id());
		});
	}

	@Test
	void jobOfABrowserThatLeavesIsCanceled() {
		SseStream stream = open(this.sample, "HANG");
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !this.emulator.jobs().isEmpty());
		stream.close();
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(
					() -> assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled"));
	}

	@Test
	void emptyQuestionIsRefused() {
		HttpResponse<String> response = this.sample.postJson(API, "{\"text\": \" \"}");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("\"detail\":\"text must not be blank\"");
		assertThat(this.emulator.jobs()).isEmpty();
	}

	private static SseStream open(SampleClient session, String question) {
		return session.streamJson(API, json.createObjectNode().put("text", question).toString());
	}

	private static List<Event> ask(SampleClient session, String question) {
		try (SseStream stream = open(session, question)) {
			return stream.all();
		}
	}

	private static String answer(List<Event> events) {
		return text(events, "delta");
	}

	private static String text(List<Event> events, String name) {
		return events.stream()
			.filter((event) -> event.name().equals(name))
			.map((event) -> event.data().path("text").asString())
			.collect(Collectors.joining());
	}

	private List<String> lastMessages() {
		return json.readTree(String.valueOf(this.emulator.lastCall().params().get("chat_context")))
			.valueStream()
			.filter((message) -> !message.path("role").asString().equals("system"))
			.map((message) -> message.path("content").asString())
			.toList();
	}

}
