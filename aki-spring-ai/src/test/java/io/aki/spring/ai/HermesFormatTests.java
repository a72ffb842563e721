package io.aki.spring.ai;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HermesFormatTests {

	static Stream<Arguments> incompleteAnswers() {
		return Stream.of(Arguments.of("Hello", "Hello"), Arguments.of("Hello ", "Hello"),
				Arguments.of("Hello <", "Hello"), Arguments.of("Hello <b", "Hello <b"),
				Arguments.of("Hello <tool_", "Hello"), Arguments.of("Hello\n<tool_call>{", "Hello"),
				Arguments.of("a < b", "a < b"), Arguments.of("a << ", "a <<"), Arguments.of("<tool_call>", ""),
				Arguments.of("{a", ""), Arguments.of("[ {", ""), Arguments.of("[", ""), Arguments.of("[1]", "[1]"),
				Arguments.of("  ", ""), Arguments.of("a <tool_x", "a <tool_x"));
	}

	@ParameterizedTest
	@MethodSource("incompleteAnswers")
	void textThatMayBecomeACallIsLeftOut(String answer, String text) {
		assertThat(HermesFormat.textBeforeCalls(answer)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "I look <it> up.\n\n<tool_call>\n{\"name\": \"a\"}\n</tool_call>", "{\"a\": 1}",
			"a <b> c < d [x] {y}", "[link](url) and <tool> and <tool_call" })
	void thePartOfATextIsAPrefixOfThePartOfALongerText(String answer) {
		String before = "";
		for (int length = 0; length <= answer.length(); length++) {
			String text = HermesFormat.textBeforeCalls(answer.substring(0, length));
			assertThat(text).startsWith(before);
			assertThat(answer).startsWith(text);
			before = text;
		}
	}

	@Test
	void jsonIsRecognizedByItsStart() {
		assertThat(HermesFormat.looksLikeJson(" {\"a\": 1}")).isTrue();
		assertThat(HermesFormat.looksLikeJson("[\n{")).isTrue();
		assertThat(HermesFormat.looksLikeJson("[x]")).isFalse();
		assertThat(HermesFormat.looksLikeJson("x {")).isFalse();
	}

}
