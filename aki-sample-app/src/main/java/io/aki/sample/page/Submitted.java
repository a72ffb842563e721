package io.aki.sample.page;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The response to a submitted form.
 *
 * @param taskIds the ids of the new tasks
 */
record Submitted(@JsonProperty("task_ids") List<String> taskIds) {

}
