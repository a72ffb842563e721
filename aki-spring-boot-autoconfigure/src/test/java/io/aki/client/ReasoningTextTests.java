package io.aki.client;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReasoningText}.
 */
class ReasoningTextTests {

	@Test
	void reasoningAtTheHeadIsSeparatedFromTheAnswer() {
		assertThat(ReasoningText.splitFinal("<think>\nLet me see.\n</think>\n\nHello "))
			.isEqualTo(new ReasoningText("Let me see.", "Hello "));
	}

	@Test
	void whiteSpaceMayStandBeforeTheTag() {
		assertThat(ReasoningText.splitFinal(" \n<think>Hm</think>Yes")).isEqualTo(new ReasoningText("Hm", "Yes"));
	}

	@Test
	void textWithoutReasoningIsTheAnswerUnchanged() {
		assertThat(ReasoningText.split(" Hello\n")).isEqualTo(new ReasoningText(null, " Hello\n"));
		assertThat(ReasoningText.splitFinal(" Hello\n")).isEqualTo(new ReasoningText(null, " Hello\n"));
	}

	@Test
	void tagElsewhereBelongsToTheAnswer() {
		String text = "Write <think>this</think> down";
		assertThat(ReasoningText.splitFinal(text)).isEqualTo(new ReasoningText(null, text));
		assertThat(ReasoningText.splitFinal("<think>Hm</think>" + text)).isEqualTo(new ReasoningText("Hm", text));
	}

	@Test
	void reasoningThatIsNeverClosedHasNoAnswer() {
		assertThat(ReasoningText.splitFinal("<think>still at it")).isEqualTo(new ReasoningText("still at it", ""));
	}

	@Test
	void emptyReasoningIsNone() {
		assertThat(ReasoningText.splitFinal("<think>\n\n</think>\n\nYes")).isEqualTo(new ReasoningText(null, "Yes"));
		assertThat(ReasoningText.of(Map.of("thinking", "", "content", "Yes"), true))
			.isEqualTo(new ReasoningText(null, "Yes"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "<", "<thi", "\n<think" })
	void textThatMayBecomeATagIsHeldBackUntilTheJobEnds(String text) {
		assertThat(ReasoningText.split(text)).isEqualTo(new ReasoningText(null, ""));
		assertThat(ReasoningText.splitFinal(text)).isEqualTo(new ReasoningText(null, text));
	}

	@Test
	void incompleteEndTagIsHeldBackUntilTheJobEnds() {
		assertThat(ReasoningText.split("<think>1 < 2 </thi")).isEqualTo(new ReasoningText("1 < 2", ""));
		assertThat(ReasoningText.splitFinal("<think>1 < 2 </thi")).isEqualTo(new ReasoningText("1 < 2 </thi", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Hello", " Hello", "<thinker>", "<<think>no</think>", "<think>a</think>b",
			" \n<think> a < b </ c <</think>\n\n d <think>e</think> ", "<think>never closed </thin",
			"<think></think>Yes", "<think>", "<thin", "  ", "<think>a</think>", "</think>x", "😄 <think>" })
	void partsOfEveryPrefixAreAPrefixOfThePartsOfTheWhole(String text) {
		ReasoningText whole = ReasoningText.splitFinal(text);
		ReasoningText previous = new ReasoningText(null, "");
		for (int length = 0; length <= text.length(); length++) {
			ReasoningText parts = ReasoningText.split(text.substring(0, length));
			for (ReasoningText longer : List.of(parts, whole)) {
				assertThat(longer.answer()).as("from %d of '%s'", length, text).startsWith(previous.answer());
				assertThat(thinking(longer)).as("from %d of '%s'", length, text).startsWith(thinking(previous));
			}
			previous = parts;
		}
		assertThat(whole.answer()).startsWith(previous.answer());
		assertThat(thinking(whole)).startsWith(thinking(previous));
	}

	@Test
	void textObjectIsAlreadySplit() {
		assertThat(ReasoningText.of(Map.of("thinking", "Hm", "content", "<think>Yes"), true))
			.isEqualTo(new ReasoningText("Hm", "<think>Yes"));
	}

	@Test
	void valueThatIsNoTextHasNoParts() {
		assertThat(ReasoningText.of(null, true)).isEqualTo(new ReasoningText(null, ""));
		assertThat(ReasoningText.of(7, false)).isEqualTo(new ReasoningText(null, ""));
	}

	private static String thinking(ReasoningText parts) {
		return Objects.requireNonNullElse(parts.thinking(), "");
	}

}
