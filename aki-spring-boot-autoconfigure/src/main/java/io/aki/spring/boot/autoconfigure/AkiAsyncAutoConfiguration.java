package io.aki.spring.boot.autoconfigure;

import java.util.List;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link AkiAsyncClient} and
 * its executor, which is not a candidate for other injection points.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = AkiAutoConfiguration.class)
@ConditionalOnBean(AkiClient.class)
@ConditionalOnBooleanProperty("aki.io.async.enabled")
public final class AkiAsyncAutoConfiguration {

	static final String EXECUTOR = "akiAsyncExecutor";

	AkiAsyncAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AkiAsyncClient akiAsyncClient(AkiClient akiClient, @Qualifier(EXECUTOR) AsyncTaskExecutor executor,
			ObjectProvider<ExecutorConfiguration> ownExecutor, ObjectProvider<TaskDecorator> taskDecorators,
			ObjectProvider<AkiPrincipal> principal) {
		// a user's executor decorates its tasks itself
		TaskDecorator taskDecorator = (ownExecutor.getIfAvailable() != null) ? AkiTaskDecorators.of(taskDecorators)
				: null;
		return new DefaultAkiAsyncClient(akiClient, executor, taskDecorator,
				principal.getIfAvailable(() -> new AkiPrincipal(List.of())));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(name = EXECUTOR)
	static class ExecutorConfiguration {

		@Bean(name = EXECUTOR, defaultCandidate = false)
		@ConditionalOnThreading(Threading.PLATFORM)
		ThreadPoolTaskExecutor akiAsyncExecutor(AkiProperties properties) {
			AkiProperties.Async async = properties.getAsync().checked();
			if (async.getMaxSize() < Math.max(async.getCoreSize(), 1)) {
				throw new InvalidConfigurationPropertyValueException("aki.io.async.max-size", async.getMaxSize(),
						"It must be at least 1, and at least 'aki.io.async.core-size', which is " + async.getCoreSize()
								+ ".");
			}
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(async.getCoreSize());
			executor.setMaxPoolSize(async.getMaxSize());
			executor.setQueueCapacity(async.getQueueCapacity());
			executor
				.setKeepAliveSeconds((int) Math.max(1, Math.min(async.getKeepAlive().toSeconds(), Integer.MAX_VALUE)));
			executor.setAllowCoreThreadTimeOut(true);
			executor.setThreadNamePrefix(async.getThreadNamePrefix());
			// otherwise the phases of the lifecycle wait up to 30 s for running calls
			executor.setWaitForTasksToCompleteOnShutdown(true);
			executor.setAwaitTerminationMillis(async.getAwaitTerminationPeriod().toMillis());
			return executor;
		}

		@Bean(name = EXECUTOR, defaultCandidate = false)
		@ConditionalOnThreading(Threading.VIRTUAL)
		SimpleAsyncTaskExecutor akiAsyncVirtualThreadExecutor(AkiProperties properties) {
			AkiProperties.Async async = properties.getAsync().checked();
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(async.getThreadNamePrefix());
			executor.setVirtualThreads(true);
			executor.setConcurrencyLimit(async.getMaxSize() + async.getQueueCapacity());
			executor.setRejectTasksWhenLimitReached(true);
			executor.setTaskTerminationTimeout(async.getAwaitTerminationPeriod().toMillis());
			return executor;
		}

	}

}
