package io.aki.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiJob;
import io.aki.client.AkiJobState;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.client.AkiTextStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes one call of each kind to AKI.IO itself. Run it with {@code mvn -Plive verify} and
 * the environment variable AKI_API_KEY. {@code AKI_API_SERVER} selects another server.
 */
@Tag("live")
@Timeout(300)
class LiveTests {

	private static AkiClient aki;

	@BeforeAll
	static void connect() {
		String key = System.getenv("AKI_API_KEY");
		if (!StringUtils.hasText(key)) {
			throw new IllegalStateException(
					"mvn -Plive verify calls AKI.IO: set AKI_API_KEY to a key from https://aki.io");
		}
		AkiClient.Builder builder = AkiClient.builder().apiKey(key).endpoint("llama3_8b_chat");
		String server = System.getenv("AKI_API_SERVER");
		if (StringUtils.hasText(server)) {
			builder.apiServer(server);
		}
		aki = builder.build();
	}

	@AfterAll
	static void close() {
		if (aki != null) {
			aki.close();
		}
	}

	@Test
	void theKeyIsValid() {
		aki.initApiKey().orThrow();
	}

	@Test
	void endpointsAreListedAndDescribed() {
		assertThat(aki.getEndpointList().orThrow().endpoints()).contains("llama3_8b_chat");
		AkiEndpointDetails details = aki.getEndpointDetails("llama3_8b_chat").orThrow();
		assertThat(details.name()).isEqualTo("llama3_8b_chat");
		assertThat(details.parameterDescription()).containsKey("input");
	}

	@Test
	void aChatWaitsOnTheServer() {
		AkiResult result = aki.doApiRequest(chat("Answer with one word: what is the capital of France?")).orThrow();
		assertThat(result.text()).containsIgnoringCase("Paris");
		assertThat(result.numGeneratedTokens()).isPositive();
	}

	@Test
	void aChatStreams() {
		StringBuilder pieces = new StringBuilder();
		List<AkiProgressInfo> infos = new ArrayList<>();
		AkiTextStream text = new AkiTextStream(pieces::append);
		AkiResult result = text.finish(aki.doApiRequest(chat("Count from one to twenty in words."), (info, data) -> {
			infos.add(info);
			text.onProgress(info, data);
		}));
		assertThat(result.orThrow().text()).isEqualTo(pieces.toString());
		assertThat(infos).isNotEmpty();
	}

	@Test
	void aJobIsFollowedInTheBackground() {
		AkiJob job = aki.doApiRequestAsync(chat("Say hello."));
		assertThat(job.result().join().orThrow().jobId()).isEqualTo(job.jobId());
	}

	@Test
	void aJobIsCanceled() {
		AkiResult result = aki.doApiRequest(Map.of("prompt_input", "Write a very long story.", "max_gen_tokens", 2000),
				(info, data) -> aki.cancelRequest(info.jobId()));
		assertThat(result.success() || result.jobState() == AkiJobState.CANCELED).isTrue();
	}

	@Test
	void anImageIsDrawn() {
		AkiResult result = aki.forEndpoint("z_image_turbo")
			.doApiRequestAwait(Map.of("prompt", "A cute robot on a beach", "width", 512, "height", 512))
			.orThrow();
		assertThat(result.binaries()).isNotEmpty()
			.extracting(AkiBinary::format)
			.isSubsetOf("png", "jpeg", "jpg", "webp");
	}

	private static Map<String, Object> chat(String prompt) {
		return Map.of("chat_context", List.of(Map.of("role", "user", "content", prompt)), "max_gen_tokens", 200);
	}

}
