package io.aki.spring.boot.tasks;

import io.aki.client.AkiProgressInfo;

/**
 * The progress of a job, to be stored.
 *
 * @param task the task as this instance has claimed it
 * @param state the state of the task
 * @param info the progress
 */
record TaskReport(TaskRow task, AkiTaskState state, AkiProgressInfo info) {

}
