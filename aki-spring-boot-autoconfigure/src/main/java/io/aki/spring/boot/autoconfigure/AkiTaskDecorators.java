package io.aki.spring.boot.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.CompositeTaskDecorator;

/**
 * Combines the task decorators of the application, as Spring Boot does for its executors.
 */
final class AkiTaskDecorators {

	private AkiTaskDecorators() {
	}

	static @Nullable TaskDecorator of(ObjectProvider<TaskDecorator> provider) {
		List<TaskDecorator> decorators = provider.orderedStream().toList();
		if (decorators.size() == 1) {
			return decorators.get(0);
		}
		return decorators.isEmpty() ? null : new CompositeTaskDecorator(decorators);
	}

}
