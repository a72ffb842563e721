package io.aki.spring.boot.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A task has changed.
 *
 * @param id the task's id
 * @param state the state after the change, or {@code null} if the task was deleted
 * @since 1.0.0
 * @see AkiTasks#changes()
 */
public record AkiTaskChange(@JsonProperty("id") String id, @JsonProperty("state") @Nullable AkiTaskState state) {

	/**
	 * Earlier changes may have been missed; all later ones are received. Its id is empty.
	 */
	public static final AkiTaskChange RESET = new AkiTaskChange("", null);

}
