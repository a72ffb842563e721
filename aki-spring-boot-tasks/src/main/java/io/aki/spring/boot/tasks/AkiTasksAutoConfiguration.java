package io.aki.spring.boot.tasks;

import java.lang.management.ManagementFactory;
import java.util.UUID;

import javax.sql.DataSource;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.aki.client.AkiClient;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link AkiTasks}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(
		after = { AkiAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class },
		afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnClass({ JdbcClient.class, Scheduler.class })
@ConditionalOnBooleanProperty(name = "aki.io.tasks.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnBean({ AkiClient.class, PlatformTransactionManager.class })
@EnableConfigurationProperties(AkiTasksProperties.class)
@ImportRuntimeHints(AkiTasksRuntimeHints.class)
public final class AkiTasksAutoConfiguration {

	private static final int INSTANCE_NAME_MAX = 80;

	AkiTasksAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AkiTasksSchemaInitializer akiTasksSchemaInitializer(DataSource dataSource, AkiTasksProperties properties) {
		return new AkiTasksSchemaInitializer(dataSource, properties.initializeSchema(), properties.tablePrefix());
	}

	@Bean
	@DependsOnDatabaseInitialization
	TaskComponents akiTaskComponents(DataSource dataSource, PlatformTransactionManager transactionManager,
			AkiClient client, ApplicationEventPublisher events, AkiTasksProperties properties) {
		String name = ManagementFactory.getRuntimeMXBean().getName();
		String instance = name.substring(0, Math.min(name.length(), INSTANCE_NAME_MAX)) + "-"
				+ UUID.randomUUID().toString().substring(0, 8);
		return new TaskComponents(dataSource, transactionManager, client, events, properties, instance);
	}

	@Bean
	@ConditionalOnMissingBean
	AkiTasks akiTasks(TaskComponents components) {
		return components.tasks();
	}

	@Bean
	TaskExecution akiTaskExecution(TaskComponents components) {
		return components.execution();
	}

	/**
	 * Configures the health of the tasks.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = { "akiTasksHealthIndicator", "akiTasksHealthContributor" })
		@ConditionalOnEnabledHealthIndicator("akitasks")
		HealthIndicator akiTasksHealthIndicator(TaskComponents components) {
			return new AkiTasksHealthIndicator(components);
		}

	}

	/**
	 * Configures the actuator endpoint of the tasks.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint
		AkiTasksEndpoint akiTasksEndpoint(AkiTasks tasks) {
			return new AkiTasksEndpoint(tasks);
		}

	}

	/**
	 * Configures the meters of the tasks.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	static class MetricsConfiguration {

		@Bean
		AkiTasksMetrics akiTasksMetrics(TaskComponents components) {
			return new AkiTasksMetrics(components.counters(), components.running());
		}

	}

}
