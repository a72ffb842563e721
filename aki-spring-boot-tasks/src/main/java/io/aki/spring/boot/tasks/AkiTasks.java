package io.aki.spring.boot.tasks;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;

import io.aki.client.AkiBinary;
import io.aki.client.AkiJob;
import io.aki.client.AkiResult;

/**
 * Durable tasks. A task is one job of AKI.IO that is stored in the database of the
 * application. It survives restarts, and any instance of the application can execute it.
 * Thread-safe.
 * <p>
 * Submit a task and show its progress: <pre class="code">
 * String id = tasks.submit(AkiTaskRequest.of("z_image_turbo", AkiParameters.image("A lighthouse")));
 * AkiTask task = tasks.find(id).orElseThrow();   // pending, queued, running, completed, …
 * </pre>
 * <p>
 * <strong>Guarantees.</strong> A job is paid for when it is started. A task never starts
 * a second job, unless somebody calls {@link #retry(String)} or
 * {@code aki.io.tasks.retry-unknown} is set. If an instance dies between the request that
 * starts the job and the storage of the job's id, the task fails with a text that says
 * that the job may have been paid for. A result is kept in memory until the database
 * accepts it.
 * <p>
 * <strong>Guards.</strong> Each {@link io.aki.client.AkiRequestGuard AkiRequestGuard} of
 * the client is asked before a job is started, with the owner of the task as the user. If
 * it refuses the start with an {@link io.aki.client.AkiRequestRefusedException
 * AkiRequestRefusedException}, the task stays pending and is tried later, or fails if the
 * refusal has no {@code retryAfter()}. An {@link IllegalArgumentException} fails the task
 * too. After any other exception of a guard, the start is tried again.
 * <p>
 * <strong>Transactions.</strong> The methods that change a task join the transaction of
 * the caller. If it is rolled back, there is no task and no change.
 *
 * @since 1.0.0
 */
public interface AkiTasks {

	/**
	 * Submit a task. An instance of the application starts the job after the transaction
	 * was committed.
	 * @param request the task
	 * @return the task's id, a UUID. If there is a task of the same owner with the same
	 * idempotency key, the id of that task
	 * @throws AkiTaskLimitException if there are too many unfinished tasks
	 * @throws IllegalArgumentException if the parameters cannot be written as JSON, or if
	 * the idempotency key was used for another endpoint or other parameters
	 */
	String submit(AkiTaskRequest request);

	/**
	 * Find a task.
	 * @param id the task's id
	 * @return the task, empty if there is none (any more)
	 */
	Optional<AkiTask> find(String id);

	/**
	 * Find tasks, newest first.
	 * @param query which tasks
	 * @return a page of tasks
	 */
	AkiTaskPage find(AkiTaskQuery query);

	/**
	 * Count the tasks.
	 * @return the number of tasks in each state, including states without tasks
	 */
	Map<AkiTaskState, Long> counts();

	/**
	 * Cancel a task. A pending task is canceled immediately. If the job was started, the
	 * instance that follows it cancels it on the server, within about a second. The
	 * task's state then is {@link AkiTaskState#CANCELED}, or
	 * {@link AkiTaskState#COMPLETED} if the job was faster.
	 * @param id the task's id
	 * @return whether there is such a task that had not ended
	 */
	boolean cancel(String id);

	/**
	 * Execute a failed or canceled task again. This starts another job, which must be
	 * paid for.
	 * @param id the task's id
	 * @return whether there is such a task that had failed or was canceled
	 * @throws AkiTaskLimitException if there are too many unfinished tasks
	 */
	boolean retry(String id);

	/**
	 * Delete a task that has ended, with its result.
	 * @param id the task's id
	 * @return whether there was such a task that had ended
	 */
	boolean delete(String id);

	/**
	 * Return the result of a completed task, with the values of
	 * {@link AkiResult#toPublicMap()}. Images and audio are read into memory; use
	 * {@link #resultWithoutBinaries(String)} and {@link #storedBinary(String, int)} to
	 * avoid that.
	 * @param id the task's id
	 * @return the result, empty if there is no such task or if it has not completed
	 */
	Optional<AkiResult> result(String id);

	/**
	 * Return the result of a completed task without its images and its audio, which are
	 * not read.
	 * @param id the task's id
	 * @return the result, empty if there is no such task or if it has not completed
	 */
	Optional<AkiResult> resultWithoutBinaries(String id);

	/**
	 * Return an image or the audio of a completed task.
	 * @param id the task's id
	 * @param index the position in {@link AkiResult#binaries()}, 0 to
	 * {@link AkiTask#binaries()} - 1
	 * @return the binary, empty if there is none
	 */
	Optional<AkiBinary> binary(String id, int index);

	/**
	 * Return an image or the audio of a completed task without reading its data, to write
	 * it to a stream.
	 * @param id the task's id
	 * @param index the position in {@link AkiResult#binaries()}, 0 to
	 * {@link AkiTask#binaries()} - 1
	 * @return the binary, empty if there is none
	 */
	Optional<AkiStoredBinary> storedBinary(String id, int index);

	/**
	 * Return the job of a task that this instance of the application follows, to show its
	 * text while the model writes it, which the database does not store. Other instances
	 * get the job only when they have taken over the task. Readers may leave the job at
	 * any time: it continues.
	 * <p>
	 * The end of the job is not always the end of the task: another instance may continue
	 * it. Only the {@link AkiTask#state() state} of the task tells.
	 * @param id the task's id
	 * @return the job, empty if there is no such task or if this instance does not follow
	 * its job (yet, or any more)
	 */
	Optional<AkiJob> job(String id);

	/**
	 * Return the changes of tasks, made by all instances of the application, after they
	 * were committed. A subscriber gets each task that changed, with its newest state. If
	 * it is slow, several changes of one task become one. A change of the progress is a
	 * change. A subscriber gets {@link AkiTaskChange#RESET} as soon as the changes of all
	 * instances are received, and again if some may have been missed, for example because
	 * the database was not available. Then it should read the tasks that it shows.
	 * @return a publisher for any number of subscribers, which never completes before the
	 * application stops
	 */
	Flow.Publisher<AkiTaskChange> changes();

	/**
	 * Return a view that is restricted to one owner: it submits tasks of this owner, and
	 * the tasks of all other owners do not exist for it.
	 * @param owner the owner, 1 to 200 characters
	 * @return the view, which does not need to be closed
	 */
	AkiTasks forOwner(String owner);

}
