package io.aki.spring.boot.tasks;

/**
 * A change and the owner of its task.
 *
 * @param owner the owner, empty if the task has none
 * @param change the change
 */
record OwnedChange(String owner, AkiTaskChange change) {

	static final OwnedChange RESET = new OwnedChange("", AkiTaskChange.RESET);

	static OwnedChange of(AkiTask task) {
		return new OwnedChange((task.owner() != null) ? task.owner() : "", new AkiTaskChange(task.id(), task.state()));
	}

}
