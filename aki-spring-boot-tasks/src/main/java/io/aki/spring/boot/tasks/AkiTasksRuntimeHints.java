package io.aki.spring.boot.tasks;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Registers the scripts of the tables and the JSON of the spool.
 */
class AkiTasksRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		for (TaskDialect dialect : TaskDialect.values()) {
			hints.resources().registerPattern("io/aki/spring/boot/tasks/" + dialect.directory() + "/*.sql");
		}
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), UnstoredResult.class,
				AkiTask.class, AkiTaskPage.class, AkiTaskChange.class);
	}

}
