package io.aki.spring.boot.tasks;

import java.util.UUID;

/**
 * Runs the tests of {@link AkiTasks} on H2.
 */
class H2AkiTasksTests extends AbstractAkiTasksTests {

	@Override
	String[] database() {
		return new String[] { "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
				"aki.io.tasks.initialize-schema=embedded" };
	}

}
