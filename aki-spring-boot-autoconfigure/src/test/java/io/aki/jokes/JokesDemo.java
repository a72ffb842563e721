package io.aki.jokes;

import io.aki.spring.boot.test.AkiEmulatorCustomizer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

// @formatter:off
// tag::demo[]
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class JokesDemo {

	@Bean
	AkiEmulatorCustomizer demoJokes() {
		return (builder) -> builder.workers("llama3_8b_chat", 1)
			.chatReply((prompt) -> prompt.contains("joke") ? "Knock, knock." : "I only tell jokes.");
	}

}
// end::demo[]
// @formatter:on
