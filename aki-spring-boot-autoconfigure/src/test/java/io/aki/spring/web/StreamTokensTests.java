package io.aki.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.aki.spring.web.StreamTokens.Content;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StreamTokens}.
 */
class StreamTokensTests {

	private static final Content CONTENT = new Content("f83a436c-6fff-450b-a119-88fd952450f7#12",
			new StreamPosition(1234, 56));

	private final StreamTokens tokens = new StreamTokens("a secret of all instances");

	private final String token = this.tokens.create(CONTENT, "alice", "llama3_8b_chat");

	@Test
	void tokenIsReadByItsOwner() {
		assertThat(this.tokens.read(this.token, "alice", "llama3_8b_chat")).isEqualTo(CONTENT);
	}

	@Test
	void tokenIsReadWithTheSameSecret() {
		assertThat(new StreamTokens("a secret of all instances").read(this.token, "alice", "llama3_8b_chat"))
			.isEqualTo(CONTENT);
	}

	@Test
	void tokenDoesNotContainTheJobsId() {
		assertThat(this.token).matches("[A-Za-z0-9_-]+");
		assertThat(new String(Base64.getUrlDecoder().decode(this.token), StandardCharsets.ISO_8859_1))
			.doesNotContain(CONTENT.jobId());
	}

	@Test
	void otherOwnersEndpointsAndSecretsAreRejected() {
		assertRejected(this.tokens, this.token, "bob", "llama3_8b_chat");
		assertRejected(this.tokens, this.token, "alice", "other");
		assertRejected(this.tokens, this.token, "alicel", "lama3_8b_chat");
		assertRejected(new StreamTokens("another secret of mine"), this.token, "alice", "llama3_8b_chat");
		assertRejected(new StreamTokens(null), this.token, "alice", "llama3_8b_chat");
	}

	@Test
	void changedTokensAreRejected() {
		byte[] bytes = Base64.getUrlDecoder().decode(this.token);
		for (int i = 0; i < bytes.length; i++) {
			byte[] changed = bytes.clone();
			changed[i] ^= 1;
			assertRejected(this.tokens, Base64.getUrlEncoder().withoutPadding().encodeToString(changed), "alice",
					"llama3_8b_chat");
		}
		assertRejected(this.tokens, "", "alice", "llama3_8b_chat");
		assertRejected(this.tokens, "not base64!", "alice", "llama3_8b_chat");
		assertRejected(this.tokens, this.token.substring(0, 40), "alice", "llama3_8b_chat");
	}

	private static void assertRejected(StreamTokens tokens, String token, String owner, String endpoint) {
		assertThatExceptionOfType(InvalidStreamTokenException.class)
			.isThrownBy(() -> tokens.read(token, owner, endpoint))
			.satisfies((ex) -> assertThat(ex.getStatusCode().value()).isEqualTo(403));
	}

}
