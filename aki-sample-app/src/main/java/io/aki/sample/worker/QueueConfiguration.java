package io.aki.sample.worker;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.aki.sample.task.TaskRun;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures what db-scheduler does with a run that is due, that has failed, or whose
 * instance has died.
 */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

	private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

	@Bean
	CustomTask<Void> akiTask(TaskRunner runner) {
		return Tasks.custom(DbSchedulerQueue.NAME, Void.class)
			.onDeadExecutionRevive()
			// the runner converts job failures to results, so that this is a failure of
			// the database
			.onFailure((complete, operations) -> operations.reschedule(complete, Instant.now().plus(AFTER_TROUBLE)))
			.execute((instance, context) -> execute(runner, instance, context));
	}

	private static CompletionHandler<Void> execute(TaskRunner runner, TaskInstance<Void> instance,
			ExecutionContext context) {
		TaskRunner.Outcome outcome = runner.run(TaskRun.parse(instance.getId()), context.getExecution().version);
		return switch (outcome) {
			case ENDED -> new CompletionHandler.OnCompleteRemove<>();
			case LEFT -> (complete, operations) -> operations.reschedule(complete, Instant.now());
			// the queue entry now belongs to another instance
			case LOST -> (complete, operations) -> {
			};
		};
	}

	@Bean
	DbSchedulerCustomizer schedulerCustomizer() {
		String name = ManagementFactory.getRuntimeMXBean().getName() + "-"
				+ UUID.randomUUID().toString().substring(0, 8);
		return new DbSchedulerCustomizer() {

			@Override
			public Optional<SchedulerName> schedulerName() {
				return Optional.of(new SchedulerName.Fixed(name));
			}

			@Override
			public Optional<Serializer> serializer() {
				return Optional.of(new Jackson3Serializer());
			}

		};
	}

}
