package io.aki.jokes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JokesDemo}. The application is started in the same way as by its
 * users.
 */
@Timeout(60)
class JokesDemoTests {

	@Test
	void emulatorTellsTheJokesOfTheDemo() {
		assertThat(tell("demo")).isEqualTo("Knock, knock.");
	}

	@Test
	void emulatorWithoutTheDemoTellsItsOwn() {
		assertThat(tell("other")).isNotEqualTo("Knock, knock.");
	}

	private static String tell(String profile) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(JokesApplication.class)
			.web(WebApplicationType.NONE)
			.profiles(profile)
			.run("--aki.io.emulator.enabled=true", "--aki.io.emulator.pace=100")) {
			return context.getBean(Jokes.class).tell();
		}
	}

}
