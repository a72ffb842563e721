package io.aki.slice;

import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AutoConfigureAkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the emulator works in a test slice, which has no client otherwise.
 */
@WebMvcTest
@AutoConfigureAkiEmulator
class WebSliceTests {

	@Test
	void controllerTalksToTheEmulator(@Autowired MockMvcTester mvc, @Autowired AkiEmulator emulator) {
		assertThat(mvc.get().uri("/joke")).hasStatusOk().bodyText().isNotBlank();
		assertThat(emulator.lastCall().params()).containsEntry("prompt_input", "Tell me a joke");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@Import(JokeController.class)
	static class Application {

	}

	@RestController
	static class JokeController {

		private final AkiClient aki;

		JokeController(AkiClient aki) {
			this.aki = aki;
		}

		@GetMapping("/joke")
		String joke() {
			return String.valueOf(this.aki.doApiRequest(Map.of("prompt_input", "Tell me a joke")).text());
		}

	}

}
