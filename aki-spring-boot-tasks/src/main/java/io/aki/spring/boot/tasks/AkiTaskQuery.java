package io.aki.spring.boot.tasks;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Selects tasks. Immutable: the methods that set a value return a new query.
 *
 * @param owner the owner, or {@code null} for the tasks of all owners
 * @param states the states; empty for all states
 * @param endpoint the endpoint, or {@code null} for all endpoints
 * @param page the number of the page, from 0
 * @param size the number of tasks of a page, 1 to 1,000
 * @since 1.0.0
 */
public record AkiTaskQuery(@Nullable String owner, Set<AkiTaskState> states, @Nullable String endpoint, int page,
		int size) {

	private static final int SIZE_DEFAULT = 50;

	private static final int SIZE_MAX = 1000;

	/**
	 * Create a query.
	 * @param owner the owner, or {@code null}
	 * @param states the states
	 * @param endpoint the endpoint, or {@code null}
	 * @param page the number of the page
	 * @param size the number of tasks of a page
	 * @throws IllegalArgumentException if a number is out of range
	 */
	public AkiTaskQuery {
		Assert.notNull(states, "'states' must not be null");
		Assert.isTrue(page >= 0, () -> "'page' must be 0 or more, not " + page);
		Assert.isTrue(size >= 1 && size <= SIZE_MAX, () -> "'size' must be 1 to " + SIZE_MAX + ", not " + size);
		states = Set.copyOf(states);
	}

	/**
	 * Select all tasks.
	 * @return a query for the first page of 50 tasks
	 */
	public static AkiTaskQuery all() {
		return new AkiTaskQuery(null, Set.of(), null, 0, SIZE_DEFAULT);
	}

	/**
	 * Select the tasks of an owner.
	 * @param owner the owner, or {@code null} for all owners
	 * @return a new query
	 */
	public AkiTaskQuery owner(@Nullable String owner) {
		return new AkiTaskQuery(owner, this.states, this.endpoint, this.page, this.size);
	}

	/**
	 * Select the tasks in some states.
	 * @param states the states; none for all states
	 * @return a new query
	 */
	public AkiTaskQuery states(AkiTaskState... states) {
		EnumSet<AkiTaskState> selected = EnumSet.noneOf(AkiTaskState.class);
		selected.addAll(Arrays.asList(states));
		return new AkiTaskQuery(this.owner, selected, this.endpoint, this.page, this.size);
	}

	/**
	 * Select the tasks of an endpoint.
	 * @param endpoint the endpoint, or {@code null} for all endpoints
	 * @return a new query
	 */
	public AkiTaskQuery endpoint(@Nullable String endpoint) {
		return new AkiTaskQuery(this.owner, this.states, endpoint, this.page, this.size);
	}

	/**
	 * Select a page.
	 * @param page the number of the page, from 0
	 * @return a new query
	 */
	public AkiTaskQuery page(int page) {
		return new AkiTaskQuery(this.owner, this.states, this.endpoint, page, this.size);
	}

	/**
	 * Set the number of tasks of a page.
	 * @param size the number, 1 to 1,000; 50 by default
	 * @return a new query
	 */
	public AkiTaskQuery size(int size) {
		return new AkiTaskQuery(this.owner, this.states, this.endpoint, this.page, size);
	}

}
