package io.aki.docs;

import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiParameters;
import io.aki.spring.boot.autoconfigure.AkiAsyncAutoConfiguration;
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.stereotype.Service;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the snippet of the {@link AkiAsyncClient}.
 */
@Timeout(60)
class AsyncSnippetsTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiAsyncAutoConfiguration.class))
		.withBean(Summaries.class);

	@Test
	void summarizes() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			this.application
				.withPropertyValues("aki.io.async.enabled=true", "aki.io.api-server=" + emulator.apiServer(),
						"aki.io.api-key=" + emulator.apiKey())
				.run((context) -> {
					assertThat(context.getBean(Summaries.class).summarize("A long story").join()).isNotBlank();
					assertThat(emulator.jobs()).singleElement().satisfies((job) -> {
						assertThat(job.endpoint()).isEqualTo("llama3_8b_chat");
						assertThat(job.state()).isEqualTo("done");
					});
				});
		}
	}

}

// @formatter:off
// tag::async[]
@Service
class Summaries {

	private final AkiAsyncClient aki;

	Summaries(AkiAsyncClient aki) {
		this.aki = aki.forEndpoint("llama3_8b_chat");
	}

	CompletableFuture<String> summarize(String text) {
		return this.aki.doApiRequestAwait(AkiParameters.chat().user("Summarize this text: " + text))
			.thenApply((result) -> result.orThrow().answer());
	}

}
// end::async[]
// @formatter:on
