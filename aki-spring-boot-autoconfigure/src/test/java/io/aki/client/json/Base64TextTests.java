package io.aki.client.json;

import java.util.Base64;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Base64Text}.
 */
class Base64TextTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 49_151, 49_152, 49_153, 98_304, 98_305, 200_000 })
	void textDecodedInPiecesEqualsTextDecodedAtOnce(int length) {
		byte[] data = new byte[length];
		new Random(length).nextBytes(data);
		String text = Base64.getEncoder().encodeToString(data);
		assertThat(Base64Text.decode("x" + text, 1)).isEqualTo(data);
		assertThat(Base64Text.decode(text.replace("=", ""), 0)).isEqualTo(data);
		assertThat(Base64Text.decode(text + "=", 0)).isNull();
		assertThat(Base64Text.decode(text + "*", 0)).isNull();
	}

	@Test
	void paddingInTheMiddleIsNotBase64() {
		assertThat(Base64Text.decode("A".repeat(65_534) + "==AAAA", 0)).isNull();
	}

}
