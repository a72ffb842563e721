package io.aki.spring.boot.tasks;

/**
 * An application event: the state of a task has changed. It is published after the change
 * was committed, on the instance that made the change, in the thread that made it. A
 * change of the progress alone is no event; see {@link AkiTasks#changes()}. An exception
 * of a listener is logged.
 *
 * <pre class="code">
 * &#64;EventListener(condition = "#event.task.state.isFinal()")
 * void ended(AkiTaskEvent event) { … }
 * </pre>
 *
 * @param task the task after the change
 * @since 1.0.0
 */
public record AkiTaskEvent(AkiTask task) {

}
