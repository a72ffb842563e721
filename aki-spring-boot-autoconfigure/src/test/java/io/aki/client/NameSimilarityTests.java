package io.aki.client;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NameSimilarity}.
 */
class NameSimilarityTests {

	private static final List<String> NAMES = List.of("xttsv2", "llama3_8b_chat", "llama3_70b_chat", "z_image_turbo");

	@Test
	void bestMatchComesFirst() {
		assertThat(NameSimilarity.nearest(NAMES, "llama3_8b_chta", 2)).containsExactly("llama3_8b_chat",
				"llama3_70b_chat");
		assertThat(NameSimilarity.nearest(NAMES, "image_turbo", 1)).containsExactly("z_image_turbo");
	}

	@Test
	void caseIsIgnored() {
		assertThat(NameSimilarity.nearest(NAMES, "XTTSV2", 1)).containsExactly("xttsv2");
	}

	@Test
	void equalMatchesAreSortedByName() {
		assertThat(NameSimilarity.nearest(List.of("ab", "aa"), "a", 5)).containsExactly("aa", "ab");
	}

	@Test
	void nothingIsSimilarToNoNames() {
		assertThat(NameSimilarity.nearest(List.of(), "a", 5)).isEmpty();
	}

}
