package io.aki.spring.boot.tasks;

import java.util.Map;
import java.util.UUID;

import io.aki.client.AkiClient;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link AkiTasksAutoConfiguration}.
 */
class AkiTasksAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
				DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class,
				AkiTasksAutoConfiguration.class))
		.withPropertyValues("aki.io.api-key=test-key", "aki.io.api-server=http://127.0.0.1:1",
				"spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());

	@Test
	void tasksAreAvailable() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(AkiTasks.class).hasSingleBean(AkiClient.class);
			assertThat(context.getBean(AkiTasks.class).counts().values()).containsOnly(0L);
		});
	}

	@Test
	void disabled() {
		this.runner.withPropertyValues("aki.io.tasks.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(AkiTasks.class));
	}

	@Test
	void withoutAClient() {
		this.runner.withPropertyValues("aki.io.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(AkiTasks.class));
	}

	@Test
	void tablesOfAnotherPrefixAndSchema() {
		this.runner
			.withPropertyValues("aki.io.tasks.table-prefix=ai.jobs_",
					"spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";INIT=create schema if not exists ai")
			.run((context) -> {
				AkiTasks tasks = context.getBean(AkiTasks.class);
				String id = tasks.submit(AkiTaskRequest.of("llama3_8b_chat", Map.of("prompt_input", "Hello")));
				assertThat(
						context.getBean(JdbcClient.class).sql("select id from ai.jobs_task").query(String.class).list())
					.containsExactly(id);
			});
	}

	@Test
	void tablesCanBeMadeByFlyway() {
		this.runner.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("aki.io.tasks.initialize-schema=never",
					"spring.flyway.locations=classpath:io/aki/spring/boot/tasks/{vendor}")
			.run((context) -> {
				assertThat(context.getBean(AkiTasks.class).counts()).containsEntry(AkiTaskState.PENDING, 0L);
				assertThat(context.getBean(JdbcClient.class)
					.sql("select count(*) from \"flyway_schema_history\" where \"version\" = '1'")
					.query(Integer.class)
					.single()).isEqualTo(1);
			});
	}

	@Test
	void invalidPropertiesAreNamed() {
		for (String property : new String[] { "heartbeat=1ms", "report-interval=0", "max-running=0",
				"max-unfinished=-1", "table-prefix=a b", "retention.failed=-1d" }) {
			this.runner.withPropertyValues("aki.io.tasks." + property)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining(
							"aki.io.tasks." + property.substring(0, property.indexOf('=')).replace(".failed", "")));
		}
	}

	@Test
	void health() {
		this.runner.run((context) -> {
			HealthIndicator indicator = context.getBean("akiTasksHealthIndicator", HealthIndicator.class);
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
			assertThat(indicator.health().getDetails()).containsEntry("running", 0);
			context.getBean(JdbcClient.class).sql("drop table aki_task cascade").update();
			Health down = indicator.health();
			assertThat(down.getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void meters() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(AkiTasksMetrics.class).bindTo(registry);
			String id = context.getBean(AkiTasks.class)
				.submit(AkiTaskRequest.of("llama3_8b_chat", Map.of("prompt_input", "Hello")));
			assertThat(id).isNotNull();
			assertThat(registry.get("aki.tasks.submitted").functionCounter().count()).isEqualTo(1);
			assertThat(registry.get("aki.tasks.running").gauge()).isNotNull();
			assertThat(registry.get("aki.tasks.ended").tag("state", "completed").functionCounter().count()).isZero();
		});
	}

	@Test
	void actuatorEndpoint() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=akitasks",
					"management.endpoints.jmx.exposure.include=akitasks", "aki.io.tasks.execute=false")
			.run((context) -> {
				AkiTasksEndpoint endpoint = context.getBean(AkiTasksEndpoint.class);
				String id = context.getBean(AkiTasks.class)
					.submit(AkiTaskRequest.of("llama3_8b_chat", Map.of("prompt_input", "Hello")));
				assertThat(endpoint.counts()).containsEntry("pending", 1L).containsEntry("completed", 0L);
				assertThat(endpoint.task(id)).extracting(AkiTask::state).isEqualTo(AkiTaskState.PENDING);
				assertThat(endpoint.task("unknown")).isNull();
				assertThat(endpoint.cancel(id).getStatus()).isEqualTo(WebEndpointResponse.STATUS_NO_CONTENT);
				assertThat(endpoint.cancel(id).getStatus()).isEqualTo(WebEndpointResponse.STATUS_NOT_FOUND);
			});
	}

	@Test
	void runtimeHints() {
		RuntimeHints hints = new RuntimeHints();
		new AkiTasksRuntimeHints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.resource().forResource("io/aki/spring/boot/tasks/h2/V1__aki_tasks.sql"))
			.accepts(hints);
	}

	@Test
	void tasksDoNotNeedTheActuator() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate",
					"org.springframework.boot.health", "io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AkiTasks.class));
	}

}
