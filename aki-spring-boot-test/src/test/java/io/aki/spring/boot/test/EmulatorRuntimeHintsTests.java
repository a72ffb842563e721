package io.aki.spring.boot.test;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmulatorRuntimeHints}.
 */
class EmulatorRuntimeHintsTests {

	@Test
	void resourcesAreRead() {
		RuntimeHints hints = new RuntimeHints();
		List<RuntimeHintsRegistrar> registrars = SpringFactoriesLoader
			.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class);
		registrars.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.aki"))
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		assertThat(
				RuntimeHintsPredicates.resource().forResource("io/aki/spring/boot/test/endpoints/llama3_8b_chat.json"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("io/aki/spring/boot/test/chat/replies.md"))
			.accepts(hints);
	}

}
