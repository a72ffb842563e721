package io.aki.spring.ai.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiChatModel;
import io.aki.spring.ai.AkiChatOptions;
import io.aki.spring.ai.AkiImageGenerationMetadata;
import io.aki.spring.ai.AkiImageModel;
import io.aki.spring.ai.AkiImageOptions;
import io.aki.spring.ai.AkiSpeechModel;
import io.aki.spring.ai.AkiSpeechOptions;
import io.aki.spring.ai.TestImages;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.audio.tts.TextToSpeechModel;
import org.springframework.ai.audio.tts.TextToSpeechPrompt;
import org.springframework.ai.audio.tts.TextToSpeechResponse;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.content.Media;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageMessage;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Runs the snippets of the page about Spring AI, and compares its properties with the
 * metadata.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "aki.io.progress-interval=20ms", "spring.ai.aki.chat.model=llama3_8b_chat",
				"spring.ai.aki.image.model=z_image_turbo", "spring.ai.aki.speech.model=xttsv2" })
@AutoConfigureAkiEmulator(pace = 20)
class SpringAiPageTests {

	private static final String PREFIX = "spring.ai.aki.";

	private static final Path PAGE = Path.of("..", "docs", "spring-ai.md");

	private static final Pattern YAML = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```$");

	private static final JsonMapper json = JsonMapper.shared();

	@Autowired
	private AkiEmulator emulator;

	@Autowired
	private ImageModel images;

	@Autowired
	private TextToSpeechModel speech;

	@LocalServerPort
	private int port;

	private ChatClient chat;

	private final Page page = new Page();

	@BeforeEach
	void chatClient(@Autowired ChatClient.Builder builder) {
		this.chat = builder.build();
	}

	private HttpRequest question(String conversation, String question) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/chat/" + conversation))
			.header("Content-Type", "text/plain")
			.POST(HttpRequest.BodyPublishers.ofString(question))
			.build();
	}

	private HttpResponse<String> ask(String conversation, String question) throws Exception {
		return HttpClient.newHttpClient().send(question(conversation, question), HttpResponse.BodyHandlers.ofString());
	}

	@Test
	void controllerUsesToolsAndMemory() throws Exception {
		// the question of the page
		assertThat(ask("alice", "How many bicycles of the model Tourer are in stock?").body())
			.isEqualTo("The tool stock says: 3.");
		assertThat(this.emulator.jobs()).hasSize(2);
		this.emulator.replies().add(AkiEmulatorReply.text("Yes, three."));
		HttpResponse<String> response = ask("alice", "Really?");
		assertThat(response.body()).isEqualTo("Yes, three.");
		assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
		assertThat(lastContext()).contains("You answer the customers", "Tourer", "Really?", "\\\"openingHours\\\"");
		ask("bob", "Hello");
		assertThat(lastContext()).doesNotContain("are in stock");
	}

	private String lastContext() {
		return String.valueOf(this.emulator.lastCall().params().get("chat_context"));
	}

	@Test
	void controllerReturnsAProblemDetailIfTheJobIsNotStarted() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.status(429).onPhase(AkiEmulatorFault.Phase.START).always());
		HttpResponse<String> response = ask("carol", "Hello");
		assertThat(response.statusCode()).isEqualTo(429);
		assertThat(response.body()).contains("urn:problem-type:aki:rate-limit");
	}

	@Test
	void controllerBreaksTheResponseOffIfTheJobFailsLater() {
		this.emulator.replies().add(AkiEmulatorReply.text("word ".repeat(300)));
		this.emulator.faults().add(AkiEmulatorFault.truncatedBody().onPhase(AkiEmulatorFault.Phase.RESULT).always());
		assertThatIOException().isThrownBy(() -> ask("erin", "Hello"));
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void controllerCancelsTheJobIfTheClientDisconnects() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text("word ".repeat(5000)));
		HttpResponse<InputStream> response = HttpClient.newHttpClient()
			.send(question("dave", "Hello"), HttpResponse.BodyHandlers.ofInputStream());
		assertThat(response.body().read()).isEqualTo('w');
		response.body().close();
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).singleElement()
				.extracting(AkiEmulatorJob::state)
				.isEqualTo("canceled"));
	}

	@Test
	void stream() {
		this.emulator.replies().add(AkiEmulatorReply.text("It is 11, the fifth one.").thinking("2, 3, 5, 7, 11"));
		Page page = this.page;
		ChatClient chat = this.chat;
		// tag::stream[]
		Flux<ChatResponse> responses = chat.prompt("What is the fifth prime number?")
			.options(AkiChatOptions.builder().streamProgress(true))
			.stream()
			.chatResponse()
			.doOnNext((response) -> {
				AssistantMessage message = response.getResult().getOutput();
				if (response.getMetadata().get("queue-position") instanceof Integer position) {
					page.queue(position);
				}
				else if (message.getMetadata().get("thinking") instanceof String piece) {
					page.thinking(piece);
				}
				else {
					page.answer(message.getText());
				}
			});
		// end::stream[]
		responses.blockLast();
		assertThat(page.answer).hasToString("It is 11, the fifth one.");
		assertThat(page.thoughts).hasToString("2, 3, 5, 7, 11");
		assertThat(page.positions).isNotEmpty();
	}

	record City(String name, int inhabitants) {
	}

	@Test
	void entityAndVision() {
		this.emulator.replies()
			.add(AkiEmulatorReply.text("{\"name\": \"Madrid\", \"inhabitants\": 3300000}").thinking("{Hm}"))
			.add(AkiEmulatorReply.text("A lighthouse"));
		ChatClient chat = this.chat;
		Resource photo = new ByteArrayResource(TestImages.png());
		// tag::entity[]
		City city = chat.prompt("The largest city of Spain").call().entity(City.class);

		String answer = chat.prompt()
			.options(AkiChatOptions.builder().model("vision_chat"))
			.user((user) -> user.text("What does this photo show?").media(MimeTypeUtils.IMAGE_PNG, photo))
			.call()
			.content();
		// end::entity[]
		assertThat(city).isEqualTo(new City("Madrid", 3300000));
		assertThat(answer).isEqualTo("A lighthouse");
		assertThat(String.valueOf(this.emulator.requests().get(0).params().get("chat_context")))
			.contains("inhabitants");
		assertThat(lastContext()).contains("data:image/png;base64,");
	}

	@Test
	void images(@TempDir Path directory) throws IOException {
		this.emulator.faults().add(AkiEmulatorFault.workerError("out of memory").onPhase(AkiEmulatorFault.Phase.START));
		Page page = this.page;
		ImageModel images = this.images;
		// tag::images[]
		AkiImageOptions options = AkiImageOptions.builder()
			.n(3)
			.progressCallback((info, data) -> page.progress(info.jobId(), info.progress()))
			.build();
		ImageResponse response = images.call(new ImagePrompt("A lighthouse", options));
		for (ImageGeneration image : response.getResults()) {
			AkiImageGenerationMetadata metadata = (AkiImageGenerationMetadata) image.getMetadata();
			Path file = directory.resolve(metadata.jobId() + "." + metadata.format());
			Files.write(file, Base64.getDecoder().decode(image.getOutput().getB64Json()));
		}
		List<String> failures = response.getMetadata().get("failures");
		// end::images[]
		assertThat(failures).singleElement().asString().contains("out of memory");
		assertThat(this.emulator.jobs()).hasSize(3);
		try (Stream<Path> files = Files.list(directory)) {
			assertThat(files).hasSize(2)
				.allMatch((file) -> file.getFileName().toString().matches(".+#.+\\.jpeg"))
				.allMatch((file) -> file.toFile().length() > 0);
		}
		assertThat(page.progress).isNotEmpty();
	}

	@Test
	void edit() {
		ImageModel images = this.images;
		Resource photo = new ByteArrayResource(TestImages.png());
		ImageMessage message = new ImageMessage("Make it night", null,
				List.of(new Media(MimeTypeUtils.IMAGE_PNG, photo)), Map.of());
		ImageResponse response = images
			.call(new ImagePrompt(message, AkiImageOptions.builder().model("qwen_image_edit").build()));
		assertThat(response.getResults()).hasSize(1);
		assertThat(this.emulator.lastCall().params()).containsEntry("prompt", "Make it night");
	}

	@Test
	void noFailuresAreNoMetadata() {
		assertThat(this.images.call(new ImagePrompt("A lighthouse")).getMetadata().<List<String>>get("failures"))
			.isNull();
	}

	@Test
	void speech(@TempDir Path directory) throws IOException {
		TextToSpeechModel speech = this.speech;
		// tag::speech[]
		TextToSpeechResponse response = speech.call(new TextToSpeechPrompt("Good morning!",
				AkiSpeechOptions.builder().language("en").voice("emma").build()));
		String format = response.getMetadata().get("format");
		Files.write(directory.resolve("morning." + format), response.getResult().getOutput());
		// end::speech[]
		assertThat(directory.resolve("morning.wav")).isNotEmptyFile();
	}

	@Test
	void models() {
		this.emulator.replies().add(AkiEmulatorReply.text("Knock, knock."));
		try (AkiClient aki = AkiClient.builder()
			.apiServer(this.emulator.apiServer())
			.apiKey(this.emulator.apiKey())
			.build()) {
			// tag::models[]
			ChatModel model = AkiChatModel.builder(aki)
				.options(AkiChatOptions.builder().model("llama3_8b_chat").temperature(0.5).build())
				.build();
			String joke = ChatClient.create(model).prompt("Tell me a joke").call().content();
			// end::models[]
			ImageModel imageModel = AkiImageModel.builder(aki)
				.options(AkiImageOptions.builder().model("z_image_turbo").build())
				.build();
			TextToSpeechModel speechModel = AkiSpeechModel.builder(aki)
				.options(AkiSpeechOptions.builder().model("xttsv2").build())
				.build();
			assertThat(joke).isEqualTo("Knock, knock.");
			assertThat(imageModel.call(new ImagePrompt("A hill")).getResults()).hasSize(1);
			assertThat(speechModel.call("Hello")).isNotEmpty();
		}
	}

	@Test
	void aToolThatDoesNotExistTwiceIsAnExceptionOfSpringAi() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("price", Map.of("model", "Tourer")).always());
		assertThatIllegalStateException()
			.isThrownBy(() -> this.chat.prompt("?").tools(new ChatController.Shop()).call().content())
			.withMessageContaining("price");
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void yamlOfThePageSetsTheModels() throws IOException {
		String yaml = yaml(PAGE).stream().filter((block) -> block.contains("params:")).findFirst().orElseThrow();
		List<String> typed = new ArrayList<>();
		new ApplicationContextRunner().withUserConfiguration(DocsApplication.class).withInitializer((context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addFirst);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}).withPropertyValues("aki.io.api-key=secret").run((context) -> {
			assertThat(context).hasNotFailed();
			Stream
				.of(context.getBean(AkiChatModel.class).getOptions().getParams(),
						context.getBean(AkiImageModel.class).getOptions().getParams())
				.flatMap((params) -> params.entrySet().stream())
				.forEach((param) -> typed.add(param.getKey() + "=" + param.getValue().getClass().getSimpleName()));
		});
		assertThat(typed).contains("image2image_strength=Double");
	}

	@Test
	void severalChatModelsNeedNoChatClientBuilder() {
		new ApplicationContextRunner().withUserConfiguration(TwoChatModels.class)
			.withPropertyValues("aki.io.api-key=secret", "spring.ai.chat.client.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(AkiChatModel.class)
				.doesNotHaveBean(ChatClient.Builder.class)
				.getBeans(ChatModel.class)
				.hasSize(2));
	}

	@Test
	void propertiesInTablesAreThoseOfTheModule() throws IOException {
		Matcher row = Pattern.compile("(?m)^\\| (`[a-z.-]+`(?:, `[a-z.-]+`)*) \\| (?:`([^`]*)` )?\\|")
			.matcher(Files.readString(PAGE));
		List<String> documented = new ArrayList<>();
		while (row.find()) {
			for (String name : row.group(1).replace("`", "").split(", ")) {
				if (name.matches("(chat|image|speech)\\..*")) {
					documented.add(PREFIX + name + "=" + Objects.requireNonNullElse(row.group(2), ""));
				}
			}
		}
		List<String> declared = properties(
				AkiChatModel.class.getResource("/META-INF/spring-configuration-metadata.json").openStream())
			.filter((property) -> property.get("name").asString().startsWith(PREFIX))
			.map((property) -> property.get("name").asString() + "=" + property.path("defaultValue").asString(""))
			.toList();
		assertThat(documented).containsExactlyInAnyOrderElementsOf(declared);
	}

	@Test
	void propertiesInYamlAndTextExist() throws IOException {
		Set<String> known = known();
		assertThat(known).contains(PREFIX + "chat.model", "spring.ai.chat.observations.log-prompt");
		List<Path> pages = new ArrayList<>(List.of(Path.of("..", "README.md")));
		try (Stream<Path> docs = Files.list(Path.of("..", "docs"))) {
			docs.filter((page) -> page.toString().endsWith(".md")).forEach(pages::add);
		}
		Set<String> used = new TreeSet<>();
		for (Path page : pages) {
			for (String block : yaml(page)) {
				YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
				yaml.setResources(new ByteArrayResource(block.getBytes(StandardCharsets.UTF_8)));
				used.addAll(yaml.getObject().stringPropertyNames());
			}
			Matcher name = Pattern.compile("`(spring\\.ai\\.[a-z.-]*[a-z])(?:[:=][^`]*)?`")
				.matcher(Files.readString(page));
			while (name.find()) {
				used.add(name.group(1));
			}
		}
		assertThat(used).filteredOn((property) -> property.startsWith("spring.ai."))
			.filteredOn((property) -> !property.startsWith("spring.ai.openai."))
			.map((property) -> property.replaceFirst("\\.params\\..*", ".params"))
			.isNotEmpty()
			.isSubsetOf(known);
	}

	private static List<String> yaml(Path page) throws IOException {
		return YAML.matcher(Files.readString(page)).results().map((block) -> block.group(1)).toList();
	}

	/**
	 * Return the names of the properties of this module and of Spring AI.
	 */
	private static Set<String> known() throws IOException {
		Set<String> known = new TreeSet<>();
		for (URL file : Collections
			.list(AkiChatModel.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			properties(file.openStream()).forEach((property) -> known.add(property.get("name").asString()));
		}
		return known;
	}

	private static Stream<JsonNode> properties(InputStream metadata) {
		return json.readTree(metadata).path("properties").valueStream();
	}

	/**
	 * What the user sees.
	 */
	static class Page {

		final StringBuilder answer = new StringBuilder();

		final StringBuilder thoughts = new StringBuilder();

		final List<Integer> positions = new ArrayList<>();

		final Map<String, Double> progress = new ConcurrentHashMap<>();

		void queue(int position) {
			this.positions.add(position);
		}

		void thinking(String piece) {
			this.thoughts.append(piece);
		}

		void answer(String piece) {
			this.answer.append(piece);
		}

		void progress(String jobId, double progress) {
			this.progress.put(jobId, progress);
		}

	}

	/** Without {@code @Configuration}, because the other tests must not use it. */
	@EnableAutoConfiguration
	static class TwoChatModels {

		@Bean
		ChatModel otherChatModel() {
			return mock(ChatModel.class);
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Endpoints {

		@Bean
		AkiEmulatorCustomizer visionChat() {
			return (builder) -> builder.endpoint(AkiEmulatorEndpoint.chat("vision_chat").media("image"));
		}

	}

}
