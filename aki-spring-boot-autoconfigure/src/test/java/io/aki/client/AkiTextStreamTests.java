package io.aki.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiTextStream}.
 */
class AkiTextStreamTests {

	private final List<String> pieces = new ArrayList<>();

	private final AkiTextStream stream = new AkiTextStream(this.pieces::add);

	@Test
	void cumulativeTextComesInPieces() {
		progress("Once");
		progress("Once upon");
		progress("Once upon");
		progress("Once upon a time");
		assertThat(this.pieces).containsExactly("Once", " upon", " a time");
		assertThat(this.stream.text()).isEqualTo("Once upon a time");
	}

	@Test
	void theTailComesWithTheResult() {
		progress("Once");
		AkiResult result = AkiResult.of(Map.of("success", true, "text", "Once upon a time"));
		assertThat(this.stream.finish(result)).isSameAs(result);
		assertThat(String.join("", this.pieces)).isEqualTo("Once upon a time");
		assertThat(this.stream.isRewritten()).isFalse();
	}

	@Test
	void aJobWithoutTextHasNoPieces() {
		this.stream.onProgress(AkiProgressInfo.accepted("j"), null);
		this.stream.finish(AkiResult.of(Map.of("success", true)));
		assertThat(this.pieces).isEmpty();
	}

	@Test
	void aFailureWithoutTextAddsNothing() {
		progress("Once");
		this.stream.finish(AkiResult.of(Map.of("success", false, "error", "no")));
		assertThat(this.pieces).containsExactly("Once");
		assertThat(this.stream.isRewritten()).isFalse();
	}

	@Test
	void halfACharacterIsHeldBack() {
		progress("ok \uD83D");
		assertThat(this.pieces).containsExactly("ok ");
		progress("ok \uD83D\uDE04!");
		assertThat(this.pieces).containsExactly("ok ", "😄!");
	}

	@Test
	void theReplacementCharacterAtTheEndIsHeldBack() {
		progress("ok \uFFFD");
		progress("ok \uFFFD\uFFFD");
		progress("ok 😄");
		this.stream.finish(AkiResult.of(Map.of("success", true, "text", "ok 😄 \uFFFD")));
		assertThat(this.pieces).containsExactly("ok ", "😄", " \uFFFD");
	}

	@Test
	void aRewrittenTextIsTold() {
		progress("Once upon");
		progress("Twice");
		assertThat(this.pieces).containsExactly("Once upon");
		this.stream.finish(AkiResult.of(Map.of("success", true, "text", "Once more")));
		assertThat(this.pieces).containsExactly("Once upon", "more");
		assertThat(this.stream.isRewritten()).isTrue();
		assertThat(this.stream.text()).isEqualTo("Once more");
	}

	@Test
	void theContentOfATextObjectCounts() {
		this.stream.onProgress(AkiProgressInfo.accepted("j"), new AkiProgressData(
				Map.of("text", Map.of("thinking", "hm", "content", "Hello")), OutputConversion.NONE));
		assertThat(this.pieces).containsExactly("Hello");
	}

	private void progress(String text) {
		this.stream.onProgress(AkiProgressInfo.accepted("j"),
				new AkiProgressData(Map.of("text", text), OutputConversion.NONE));
	}

}
