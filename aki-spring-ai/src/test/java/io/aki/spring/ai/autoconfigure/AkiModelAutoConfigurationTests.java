package io.aki.spring.ai.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiChatModel;
import io.aki.spring.ai.AkiChatOptions;
import io.aki.spring.ai.AkiImageModel;
import io.aki.spring.ai.AkiImageOptions;
import io.aki.spring.ai.AkiSpeechModel;
import io.aki.spring.ai.AkiSpeechOptions;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.ai.audio.tts.TextToSpeechModel;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class AkiModelAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiChatAutoConfiguration.class,
				AkiImageAutoConfiguration.class, AkiSpeechAutoConfiguration.class))
		.withPropertyValues("aki.io.api-key=secret");

	@Test
	void eachModelIsABean() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(ChatModel.class)
			.hasSingleBean(AkiChatModel.class)
			.hasSingleBean(ImageModel.class)
			.hasSingleBean(AkiImageModel.class)
			.hasSingleBean(TextToSpeechModel.class)
			.hasSingleBean(AkiSpeechModel.class));
	}

	@Test
	void theProviderIsSelectedPerKindOfModel() {
		this.runner
			.withPropertyValues("spring.ai.model.chat=other", "spring.ai.model.image=aki",
					"spring.ai.model.audio.speech=none")
			.run((context) -> assertThat(context).doesNotHaveBean(ChatModel.class)
				.hasSingleBean(AkiImageModel.class)
				.doesNotHaveBean(TextToSpeechModel.class));
	}

	@Test
	void thereIsNoModelWithoutAClient() {
		this.runner.withPropertyValues("aki.io.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ChatModel.class)
				.doesNotHaveBean(ImageModel.class)
				.doesNotHaveBean(TextToSpeechModel.class));
	}

	@Test
	void thereIsNoModelWithoutSpringAi() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.ai"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AkiClient.class));
	}

	@Test
	void beansOfTheApplicationReplaceTheModels() {
		this.runner.withUserConfiguration(OwnModels.class).run((context) -> {
			assertThat(context).hasSingleBean(AkiChatModel.class)
				.hasSingleBean(AkiImageModel.class)
				.hasSingleBean(AkiSpeechModel.class);
			assertThat(context.getBean(AkiChatModel.class).getOptions().getModel()).isEqualTo("own");
		});
	}

	@Test
	void theEndpointOfTheClientIsTheDefaultForTheChatOnly() {
		this.runner.withPropertyValues("aki.io.endpoint=some_chat").run((context) -> {
			assertThat(context.getBean(AkiChatModel.class).getOptions().getModel()).isEqualTo("some_chat");
			assertThat(context.getBean(AkiImageModel.class).getOptions().getModel()).isNull();
			assertThat(context.getBean(AkiSpeechModel.class).getOptions().getModel()).isNull();
		});
	}

	@Test
	void anOwnClientNeedsNoPropertiesOfTheClient() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiChatAutoConfiguration.class))
			.withPropertyValues("aki.io.enabled=false", "aki.io.progress-interval=0.2")
			.withBean(AkiClient.class, () -> AkiClient.builder().apiKey("secret").endpoint("my_chat").build())
			.run((context) -> assertThat(context.getBean(AkiChatModel.class).getOptions().getModel())
				.isEqualTo("my_chat"));
	}

	@Test
	void propertiesOfTheChatAreBound() {
		this.runner.withPropertyValues("aki.io.endpoint=some_chat", "spring.ai.aki.chat.model=other_chat",
				"spring.ai.aki.chat.max-tokens=1", "spring.ai.aki.chat.temperature=0.2", "spring.ai.aki.chat.top-k=3",
				"spring.ai.aki.chat.top-p=0.4", "spring.ai.aki.chat.output-format=json",
				"spring.ai.aki.chat.stream-progress=true", "spring.ai.aki.chat.params.min_p=0.1")
			.run((context) -> {
				AkiChatOptions.Builder expected = AkiChatOptions.builder();
				expected.model("other_chat")
					.maxTokens(1)
					.temperature(0.2)
					.topK(3)
					.topP(0.4)
					.outputFormat("json")
					.streamProgress(true)
					.param("min_p", 0.1);
				assertThat(context.getBean(AkiChatModel.class).getOptions()).isEqualTo(expected.build());
			});
	}

	@Test
	void propertiesOfTheImageAreBound() {
		this.runner
			.withPropertyValues("spring.ai.aki.image.model=a", "spring.ai.aki.image.n=2", "spring.ai.aki.image.width=3",
					"spring.ai.aki.image.height=4", "spring.ai.aki.image.response-format=url",
					"spring.ai.aki.image.seed=5", "spring.ai.aki.image.steps=6", "spring.ai.aki.image.guidance=7",
					"spring.ai.aki.image.negative-prompt=b", "spring.ai.aki.image.params.c=d",
					"spring.ai.aki.image.params.strength=0.5", "spring.ai.aki.image.params.size=7",
					"spring.ai.aki.image.params.fast=true", "spring.ai.aki.image.params.version=007")
			.run((context) -> assertThat(context.getBean(AkiImageModel.class).getOptions())
				.isEqualTo(AkiImageOptions.builder()
					.model("a")
					.n(2)
					.width(3)
					.height(4)
					.responseFormat("url")
					.seed(5L)
					.steps(6)
					.guidance(7.0)
					.negativePrompt("b")
					.params(Map.of("c", "d", "strength", 0.5, "size", 7, "fast", true, "version", "007"))
					.build()));
	}

	@Test
	void propertiesOfTheSpeechAreBound() {
		this.runner.withPropertyValues("spring.ai.aki.speech.model=a", "spring.ai.aki.speech.voice=b",
				"spring.ai.aki.speech.language=c", "spring.ai.aki.speech.format=d", "spring.ai.aki.speech.params.e=f")
			.run((context) -> assertThat(context.getBean(AkiSpeechModel.class).getOptions())
				.isEqualTo(AkiSpeechOptions.builder()
					.model("a")
					.voice("b")
					.language("c")
					.format("d")
					.params(Map.of("e", "f"))
					.build()));
	}

	@Test
	void anApplicationHasAChatClientMemoryAndMeters() {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(20).build();
				ConfigurableApplicationContext context = run(Application.class, emulator)) {
			emulator.replies().add(AkiEmulatorReply.text("one two three").times(2));
			ChatClient chatClient = context.getBean(ChatClient.Builder.class).build();
			assertThat(context.getBean(ChatMemory.class)).isNotNull();
			assertThat(chatClient.prompt("Hello").call().content()).isEqualTo("one two three");
			chatClient.prompt("Hello").stream().content().blockLast();
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			Awaitility.await()
				.untilAsserted(() -> assertThat(
						meters.get("gen_ai.client.operation").timers().stream().mapToLong(Timer::count).sum())
					.isEqualTo(2));
			// the tokens are counted by Spring AI and not again by the client
			assertThat(meters.get("gen_ai.client.token.usage").meters()).hasOnlyElementsOfType(Counter.class);
			assertThat(meters.get("gen_ai.client.token.usage").tag("gen_ai.token.type", "output").counter().count())
				.isEqualTo(6);
			assertThat(meters.get("aki.client.compute.time").timer().count()).isEqualTo(2);
		}
	}

	@Test
	void twoProvidersWorkSideBySide() {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(20).build();
				ConfigurableApplicationContext context = run(TwoProviders.class, emulator,
						"--spring.ai.model.chat=aki")) {
			assertThat(context.getBeansOfType(ChatModel.class)).hasSize(1);
			assertThat(context.getBean(ChatModel.class)).isInstanceOf(AkiChatModel.class);
		}
		try (AkiEmulator emulator = AkiEmulator.builder().pace(20).build();
				ConfigurableApplicationContext context = run(TwoProviders.class, emulator,
						"--spring.ai.model.chat=echo", "--spring.ai.aki.image.model=z_image_turbo")) {
			assertThat(context.getBean(ChatClient.Builder.class).build().prompt("Hi").call().content()).isEqualTo("Hi");
			assertThat(Objects
				.requireNonNull(context.getBean(ImageModel.class).call(new ImagePrompt("A robot")).getResult())
				.getOutput()).isNotNull();
		}
	}

	private static ConfigurableApplicationContext run(Class<?> application, AkiEmulator emulator, String... arguments) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties("aki.io.api-server=" + emulator.apiServer(), "aki.io.api-key=" + emulator.apiKey(),
					"aki.io.endpoint=llama3_8b_chat", "aki.io.progress-interval=20ms",
					"management.metrics.export.simple.enabled=true")
			.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoProviders {

		/** As the auto-configuration of another provider. */
		@Bean
		@ConditionalOnProperty(name = SpringAIModelProperties.CHAT_MODEL, havingValue = "echo", matchIfMissing = true)
		ChatModel echoChatModel() {
			return new ChatModel() {

				@Override
				public ChatResponse call(Prompt prompt) {
					return new ChatResponse(List.of(new Generation(new AssistantMessage(prompt.getContents()))));
				}

				@Override
				public Flux<ChatResponse> stream(Prompt prompt) {
					return Flux.just(call(prompt));
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnModels {

		@Bean
		AkiChatModel chatModel(AkiClient client) {
			return AkiChatModel.builder(client).options(AkiChatOptions.builder().model("own").build()).build();
		}

		@Bean
		AkiImageModel imageModel(AkiClient client) {
			return AkiImageModel.builder(client).build();
		}

		@Bean
		AkiSpeechModel speechModel(AkiClient client) {
			return AkiSpeechModel.builder(client).build();
		}

	}

}
