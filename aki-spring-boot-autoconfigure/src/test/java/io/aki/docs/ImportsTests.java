package io.aki.docs;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Imports}.
 */
class ImportsTests {

	private static final String JAVA = """
			package io.aki.client;

			import java.util.List;
			import java.util.Map;
			import java.util.Set;

			import io.aki.spring.web.AkiEventStream;
			import org.junit.jupiter.api.Test;
			import reactor.core.publisher.Flux;

			import org.springframework.http.MediaType;

			import static org.assertj.core.api.Assertions.assertThat;
			import static org.assertj.core.api.Assertions.within;
			""";

	private static final Set<String> PUBLISHED = Set.of("io.aki.client.AkiClient", "io.aki.client.AkiJob",
			"io.aki.spring.web.AkiJob");

	@Test
	void onlyThoseOfTheRegionInGroups() {
		String code = """
				@GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
				Flux<List<String>> text(Map.Entry<String, AkiEventStream> entry) {
					assertThat(entry).isNotNull();
				}
				""";
		assertThat(Imports.of(JAVA, code, false, PUBLISHED)).isEqualTo("""
				import java.util.List;
				import java.util.Map;

				import io.aki.spring.web.AkiEventStream;
				import reactor.core.publisher.Flux;

				import org.springframework.http.MediaType;

				import static org.assertj.core.api.Assertions.assertThat;
				""");
	}

	@Test
	void namesInCommentsAndTextsAndMembersDoNotCount() {
		String code = """
				// a List
				/* a Map */
				call("a \\"Set\\"", this.List, value.within(1));
				call(\"""
						a "Flux"
						MediaType\""");
				""";
		assertThat(Imports.of(JAVA, code, false, PUBLISHED)).isEmpty();
	}

	@Test
	void typesOfTheOwnPackageIfTheyArePublished() {
		assertThat(Imports.of(JAVA, "AkiJob job = new Recipe(AkiClient::builder);", false, PUBLISHED)).isEqualTo("""
				import io.aki.client.AkiClient;
				import io.aki.client.AkiJob;
				""");
	}

	@Test
	void extensionFunctionsOfKotlin() {
		String source = """
				package io.aki.kotlin

				import kotlinx.coroutines.future.await
				import io.aki.client.AkiClient
				import java.time.Duration
				""";
		assertThat(Imports.of(source, "fun ask(aki: AkiClient) = job.result().await()", true, PUBLISHED)).isEqualTo("""
				import io.aki.client.AkiClient
				import kotlinx.coroutines.future.await
				""");
	}

}
