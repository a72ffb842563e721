package io.aki.spring.boot.autoconfigure;

import java.util.Map;
import java.util.stream.Stream;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.test.context.NestedTestConfiguration;
import org.springframework.test.context.NestedTestConfiguration.EnclosingConfiguration;
import org.springframework.test.context.aot.TestContextAotGenerator;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link AutoConfigureAkiEmulator}. The emulator contains no data of other test
 * methods, in any order of execution.
 */
@Timeout(60)
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@AutoConfigureAkiEmulator
class AutoConfigureAkiEmulatorTests {

	@Test
	void isResetAfterEachTest(@Autowired Jokes jokes, @Autowired AkiEmulator emulator) {
		assertThatIllegalStateException().isThrownBy(emulator::lastCall);
		assertThat(emulator.requests()).isEmpty();
		assertThat(emulator.faults().count()).isZero();
		jokes.tell();
	}

	@Test
	void isResetAfterEachTestInAnyOrder(@Autowired Jokes jokes, @Autowired AkiEmulator emulator) {
		isResetAfterEachTest(jokes, emulator);
	}

	@Test
	void testsAreProcessedAheadOfTime() {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
		try {
			new TestContextAotGenerator(files).processAheadOfTime(Stream.of(AutoConfigureAkiEmulatorTests.class));
		}
		finally {
			System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
		}
		assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
			.anyMatch((name) -> name.contains("AkiAutoConfiguration"))
			.noneMatch((name) -> name.contains("AkiEmulator__BeanDefinitions"));
	}

	/**
	 * A test with a plain Spring context, whose connection details define another server.
	 */
	@Nested
	@NestedTestConfiguration(EnclosingConfiguration.OVERRIDE)
	@SpringJUnitConfig(OwnConnection.class)
	@AutoConfigureAkiEmulator
	class PlainSpring {

		@Test
		void emulatorWinsOverConnectionDetailsOfTheApplication(@Autowired AkiClient client,
				@Autowired AkiEmulator emulator) {
			AkiResult result = client.forEndpoint("llama3_8b_chat").doApiRequest(Map.of("prompt_input", "hello"));
			assertThat(result.error()).isNull();
			assertThat(emulator.lastCall().body()).containsEntry("key", emulator.apiKey());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnection {

		@Bean
		AkiConnectionDetails akiConnectionDetails() {
			return new AkiConnectionDetails() {

				@Override
				public String getApiServer() {
					return "http://127.0.0.1:1";
				}

				@Override
				public String getApiKey() {
					return "real-key";
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Jokes.class)
	static class Application {

	}

	static class Jokes {

		private final AkiClient aki;

		Jokes(AkiClient aki) {
			this.aki = aki.forEndpoint("llama3_8b_chat");
		}

		String tell() {
			AkiResult result = this.aki.doApiRequest(Map.of("prompt_input", "Tell me a joke"));
			return result.success() ? result.text() : "No joke today";
		}

	}

}
