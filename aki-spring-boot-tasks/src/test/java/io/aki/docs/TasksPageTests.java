package io.aki.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.aki.client.AkiParameters;
import io.aki.spring.boot.tasks.AkiTaskChange;
import io.aki.spring.boot.tasks.AkiTaskEvent;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * Runs the snippets of the page about tasks, and compares its table of properties with
 * the metadata.
 */
@SpringBootTest(properties = { "spring.datasource.url=jdbc:h2:mem:tasks-page", "aki.io.tasks.report-interval=50ms" })
@AutoConfigureAkiEmulator
@Import({ TaskController.class, TasksPageTests.Orders.class, TasksPageTests.Mailing.class,
		TasksPageTests.ChangeController.class })
class TasksPageTests {

	private static final Principal ALICE = () -> "alice";

	private static final JsonMapper json = JsonMapper.shared();

	@Autowired
	private WebApplicationContext context;

	@Autowired
	private AkiTasks tasks;

	record Order(String number, String customer, String motif) {
	}

	static class OrderRepository {

		final List<Order> saved = new CopyOnWriteArrayList<>();

		void save(Order order) {
			this.saved.add(order);
			if (order.motif().isEmpty()) {
				throw new IllegalStateException("no motif");
			}
		}

	}

	static class Orders {

		private final OrderRepository orders = new OrderRepository();

		private final AkiTasks tasks;

		Orders(AkiTasks tasks) {
			this.tasks = tasks;
		}

		// tag::transaction[]
		@Transactional
		public String order(Order order) {
			this.orders.save(order);
			return this.tasks.submit(AkiTaskRequest.of("z_image_turbo", AkiParameters.image(order.motif()))
				.owner(order.customer())
				.idempotencyKey("order-" + order.number()));
		}
		// end::transaction[]

	}

	static class Mails {

		final List<String> sent = new CopyOnWriteArrayList<>();

		void send(String recipient, String text) {
			this.sent.add(recipient + ": " + text);
		}

	}

	static class Mailing {

		final Mails mails = new Mails();

		// tag::event[]
		@EventListener
		void taskChanged(AkiTaskEvent event) {
			if (event.task().state() == AkiTaskState.COMPLETED) {
				this.mails.send(event.task().owner(), "Your picture is ready");
			}
		}
		// end::event[]

	}

	@RestController
	@RequestMapping("/tasks")
	static class ChangeController {

		private final AkiTasks tasks;

		ChangeController(AkiTasks tasks) {
			this.tasks = tasks;
		}

		// tag::changes[]
		@GetMapping(path = "/changes", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<AkiTaskChange> changes(Principal user) {
			return JdkFlowAdapter.flowPublisherToFlux(this.tasks.forOwner(user.getName()).changes());
		}
		// end::changes[]

	}

	private MockMvc mvc() {
		return MockMvcBuilders.webAppContextSetup(this.context).build();
	}

	@Test
	void controller() throws Exception {
		MockMvc mvc = mvc();
		JsonNode task = json(mvc.perform(post("/tasks").param("prompt", "A hill").principal(ALICE)).andReturn());
		assertThat(task.path("owner").asString()).isEqualTo("alice");
		String path = "/tasks/" + task.path("id").asString();
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> json(mvc.perform(get(path).principal(ALICE)).andReturn()).path("state")
				.asString()
				.equals("completed"));
		JsonNode result = json(mvc.perform(get(path + "/result").principal(ALICE)).andReturn());
		assertThat(result.path("images").path(0).asString()).startsWith("data:image/");
		assertThat(mvc.perform(get(path + "/images/0").principal(ALICE)).andReturn().getResponse().getContentType())
			.startsWith("image/");
		assertThat(mvc.perform(get(path).principal(() -> "bob")).andReturn().getResponse().getStatus()).isEqualTo(404);
		assertThat(mvc.perform(post(path + "/cancel").principal(ALICE)).andReturn().getResponse().getContentAsString())
			.isEqualTo("false");
		assertThat(mvc.perform(post(path + "/retry").principal(ALICE)).andReturn().getResponse().getContentAsString())
			.isEqualTo("false");
	}

	private static JsonNode json(MvcResult result) throws Exception {
		assertThat(result.getResponse().getStatus()).isEqualTo(200);
		return json.readTree(result.getResponse().getContentAsString());
	}

	@Test
	void orderIsMailed(@Autowired Orders orders, @Autowired Mailing mailing) {
		String id = orders.order(new Order("1", "carol", "A hill"));
		assertThat(orders.order(new Order("1", "carol", "A hill"))).isEqualTo(id);
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(mailing.mails.sent).contains("carol: Your picture is ready"));
		assertThatIllegalStateException().isThrownBy(() -> orders.order(new Order("2", "dave", "")));
		assertThat(this.tasks.forOwner("dave").counts().values()).containsOnly(0L);
	}

	@Test
	void changes(@Autowired ChangeController controller) {
		List<AkiTaskChange> received = new CopyOnWriteArrayList<>();
		AkiTasks erin = this.tasks.forOwner("erin");
		Disposable subscription = controller.changes(() -> "erin").subscribe(received::add);
		String id = erin.submit(AkiTaskRequest.of("llama3_8b_chat", AkiParameters.chat().user("Hello")));
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(received).contains(new AkiTaskChange(id, AkiTaskState.COMPLETED)));
		subscription.dispose();
	}

	@Test
	void propertiesOfThePageAreThoseOfTheModule() throws IOException {
		JsonNode metadata = json
			.readTree(AkiTasks.class.getResource("/META-INF/spring-configuration-metadata.json").openStream());
		String page = Files.readString(Path.of("..", "docs", "tasks.md"));
		Matcher table = Pattern.compile("(?m)^\\| (`[a-z.-]+`(?:, `[a-z.-]+`)*) \\| (?:`([^`]*)` )?\\|").matcher(page);
		List<String> documented = new CopyOnWriteArrayList<>();
		while (table.find()) {
			String group = "";
			for (String name : table.group(1).replace("`", "").split(", ")) {
				String full = name.startsWith(".") ? group + name : name;
				group = full.contains(".") ? full.substring(0, full.indexOf('.')) : group;
				if (full.startsWith("aki.")) {
					continue;
				}
				documented.add(full + "=" + ((table.group(2) != null) ? table.group(2) : ""));
			}
		}
		List<String> declared = metadata.get("properties")
			.valueStream()
			.filter((property) -> property.get("name").asString().startsWith("aki.io.tasks."))
			.map((property) -> property.get("name").asString().substring("aki.io.tasks.".length()) + "="
					+ property.path("defaultValue").asString(""))
			.toList();
		assertThat(documented).containsExactlyInAnyOrderElementsOf(declared);
	}

	@Test
	void propertiesInYamlExist() throws IOException {
		JsonNode metadata = json
			.readTree(AkiTasks.class.getResource("/META-INF/spring-configuration-metadata.json").openStream());
		List<String> known = metadata.get("properties")
			.valueStream()
			.map((property) -> property.get("name").asString())
			.toList();
		List<Path> pages = new ArrayList<>(List.of(Path.of("..", "README.md")));
		try (Stream<Path> docs = Files.list(Path.of("..", "docs"))) {
			docs.filter((page) -> page.toString().endsWith(".md")).forEach(pages::add);
		}
		List<String> used = new ArrayList<>();
		for (Path page : pages) {
			Matcher block = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```$").matcher(Files.readString(page));
			while (block.find()) {
				YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
				yaml.setResources(new ByteArrayResource(block.group(1).getBytes(StandardCharsets.UTF_8)));
				used.addAll(yaml.getObject().stringPropertyNames());
			}
		}
		assertThat(used).filteredOn((property) -> property.startsWith("aki.io.tasks.")).isNotEmpty().isSubsetOf(known);
	}

}
