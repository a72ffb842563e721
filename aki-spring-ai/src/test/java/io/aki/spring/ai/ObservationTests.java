package io.aki.spring.ai;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.support.ToolCallbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class ObservationTests extends EmulatorTest {

	private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private AkiClient observedClient;

	@BeforeEach
	void observe() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onStop(Observation.Context context) {
				ObservationTests.this.stopped.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		this.observedClient = client.mutate().observationRegistry(this.registry).build();
	}

	@AfterEach
	void close() {
		this.observedClient.close();
	}

	private AkiChatModel observedModel() {
		return AkiChatModel.builder(this.observedClient)
			.options(AkiChatOptions.builder().model(CHAT).build())
			.observationRegistry(this.registry)
			.build();
	}

	private Observation.Context find(String name) {
		return this.stopped.stream()
			.filter((context) -> name.equals(context.getName()))
			.findFirst()
			.orElseThrow(() -> new AssertionError(name));
	}

	private static String nameOfParent(Observation.Context context) {
		return Objects
			.requireNonNull(Objects.requireNonNull(context.getParentObservation()).getContextView().getName());
	}

	private static String value(Observation.Context context, String key) {
		return context.getAllKeyValues()
			.stream()
			.filter((keyValue) -> keyValue.getKey().equals(key))
			.findFirst()
			.orElseThrow()
			.getValue();
	}

	@Test
	void aCallIsObservedAsSpringAiDoes() {
		emulator.replies().add(AkiEmulatorReply.text("one two three"));
		observedModel().call("Hello");
		assertChatOperation();
	}

	@Test
	void aStreamIsObservedAsSpringAiDoes() {
		emulator.replies().add(AkiEmulatorReply.text("one two three"));
		observedModel().stream(new Prompt("Hello")).blockLast();
		Awaitility.await().untilAsserted(() -> assertThat(find("gen_ai.client.operation")).isNotNull());
		assertChatOperation();
	}

	private void assertChatOperation() {
		Observation.Context operation = find("gen_ai.client.operation");
		assertThat(operation.getContextualName()).isEqualTo("chat " + CHAT);
		assertThat(value(operation, "gen_ai.operation.name")).isEqualTo("chat");
		assertThat(value(operation, "gen_ai.system")).isEqualTo("aki.io");
		assertThat(value(operation, "gen_ai.request.model")).isEqualTo(CHAT);
		assertThat(value(operation, "gen_ai.response.model")).isEqualTo("Llama-3.1-8B-Instruct");
		assertThat(value(operation, "gen_ai.usage.output_tokens")).isEqualTo("3");
		assertThat(nameOfParent(find("aki.client.request"))).isEqualTo("gen_ai.client.operation");
	}

	@Test
	void aChatClientIsTheParent() {
		ChatClient chatClient = ChatClient.builder(observedModel(), this.registry, null, null).build();
		chatClient.prompt("Hello").call().content();
		assertThat(this.stopped).extracting(Observation.Context::getName)
			.containsSubsequence("aki.client.request", "gen_ai.client.operation", "spring.ai.advisor",
					"spring.ai.chat.client");
	}

	@Test
	void aFailureIsObserved() {
		emulator.faults().add(AkiEmulatorFault.workerError("broken").onPhase(AkiEmulatorFault.Phase.START).times(2));
		assertThat(catchThrowable(() -> observedModel().call("Hello"))).isNotNull();
		assertThat(find("gen_ai.client.operation").getError()).isNotNull();
		this.stopped.clear();
		assertThat(catchThrowable(() -> observedModel().stream(new Prompt("Hello")).blockLast())).isNotNull();
		Awaitility.await().untilAsserted(() -> assertThat(find("gen_ai.client.operation").getError()).isNotNull());
	}

	@Test
	void aCanceledStreamIsObserved() {
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(AkiEmulatorFault.Phase.START));
		Disposable subscription = observedModel().stream(new Prompt("Hello")).subscribe();
		Awaitility.await().untilAsserted(() -> assertThat(emulator.jobs()).hasSize(1));
		subscription.dispose();
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.stopped).extracting(Observation.Context::getName)
				.contains("aki.client.request", "gen_ai.client.operation"));
	}

	@Test
	void theObservationOfTheSubscriberIsTheParent() {
		Observation web = Observation.start("web", this.registry);
		AkiSpeechModel speechModel = AkiSpeechModel.builder(this.observedClient)
			.options(AkiSpeechOptions.builder().model("xttsv2").build())
			.build();
		speechModel.stream("Hello")
			.subscribeOn(Schedulers.parallel())
			.contextWrite((view) -> view.put(ObservationThreadLocalAccessor.KEY, web))
			.blockLast();
		Awaitility.await().untilAsserted(() -> assertThat(nameOfParent(find("aki.client.request"))).isEqualTo("web"));
		this.stopped.clear();
		observedModel().stream(new Prompt("Hello"))
			.subscribeOn(Schedulers.parallel())
			.contextWrite((view) -> view.put(ObservationThreadLocalAccessor.KEY, web))
			.blockLast();
		Awaitility.await()
			.untilAsserted(() -> assertThat(nameOfParent(find("gen_ai.client.operation"))).isEqualTo("web"));
		this.stopped.clear();
		AkiChatModel.builder(this.observedClient)
			.options(AkiChatOptions.builder().model(CHAT).build())
			.build()
			.stream(new Prompt("Hello"))
			.subscribeOn(Schedulers.parallel())
			.contextWrite((view) -> view.put(ObservationThreadLocalAccessor.KEY, web))
			.blockLast();
		Awaitility.await().untilAsserted(() -> assertThat(nameOfParent(find("aki.client.request"))).isEqualTo("web"));
	}

	@Test
	void theTokensOfAnAnswerAreCountedAlsoIfItsCorrectionFails() {
		emulator.replies().add(AkiEmulatorReply.text("<tool_call>{ two three"));
		emulator.faults()
			.add(AkiEmulatorFault.workerError("broken").onPhase(AkiEmulatorFault.Phase.START).after(1).times(2));
		AkiChatOptions options = AkiChatOptions.builder()
			.model(CHAT)
			.toolCallbacks(ToolCallbacks.from(new ToolCallingTests.Weather()))
			.build();
		assertThat(catchThrowable(() -> observedModel().call(new Prompt("?", options)))).isNotNull();
		assertThat(value(find("gen_ai.client.operation"), "gen_ai.usage.output_tokens")).isEqualTo("3");
	}

	@Test
	void anImageIsObservedWithTheMergedOptions() {
		AkiImageModel model = AkiImageModel.builder(this.observedClient)
			.options(AkiImageOptions.builder().model("z_image_turbo").width(128).height(128).build())
			.observationRegistry(this.registry)
			.build();
		model.call(new ImagePrompt("A robot"));
		Observation.Context operation = find("gen_ai.client.operation");
		assertThat(operation.getContextualName()).isEqualTo("image z_image_turbo");
		assertThat(value(operation, "gen_ai.request.image.size")).isEqualTo("128x128");
		assertThat(nameOfParent(find("aki.client.request"))).isEqualTo("gen_ai.client.operation");
	}

}
