package io.aki.client.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Base64ExtractingInputStream}.
 */
class Base64ExtractingInputStreamTests {

	private final Random random = new Random(7);

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 16_383, 16_384, 16_385, 65_536, 200_000, 3_000_000 })
	void whatIsReadIsWhatWasWritten(int length) throws IOException {
		assertRestored(Map.of("image", "data:image/png;base64," + base64(length), "seed", 7));
		assertRestored(Map.of("images", List.of(base64(length), base64(length / 2)), "nested",
				Map.of("audio", base64(length), "text", "Grüße \u0000section 0\u0000 \"/\" \n")));
	}

	@Test
	void textsOfAnyKindAreRestored() throws IOException {
		for (int i = 0; i < 200; i++) {
			StringBuilder text = new StringBuilder();
			for (int part = 0; part < 4; part++) {
				text.append(base64(this.random.nextInt(60_000))).append((char) this.random.nextInt(300));
			}
			Map<String, Object> object = new LinkedHashMap<>();
			object.put("a", text.toString());
			object.put("b", List.of(text.reverse().toString(), 1.5, true));
			object.put(base64(100), null);
			assertRestored(object);
		}
	}

	@Test
	void parserReadsLittleOfALongSection() throws IOException {
		byte[] json = ApiJson.writeBytes(Map.of("image", base64(1_000_000)));
		assertThat(new Base64ExtractingInputStream(new ByteArrayInputStream(json)).readAllBytes())
			.hasSizeLessThan(20_000);
	}

	@Test
	void responseThatIsCutOffInASectionIsNotJson() throws IOException {
		byte[] json = ApiJson.writeBytes(Map.of("image", base64(1_000_000)));
		String read = new String(
				new Base64ExtractingInputStream(new ByteArrayInputStream(json, 0, 500_000)).readAllBytes(),
				StandardCharsets.UTF_8);
		assertThat(ApiJson.isJson(read)).isFalse();
	}

	private String base64(int length) {
		byte[] data = new byte[length];
		this.random.nextBytes(data);
		return Base64.getEncoder().encodeToString(data).substring(0, length);
	}

	private void assertRestored(Map<String, ?> object) throws IOException {
		byte[] json = ApiJson.writeBytes(new LinkedHashMap<>(object));
		Base64ExtractingInputStream stream = new Base64ExtractingInputStream(new Trickling(json));
		Map<String, Object> read = ApiJson.readObject(stream.readAllBytes());
		stream.restore(read);
		assertThat(read.equals(ApiJson.readObject(json))).isTrue();
		assertThat(ApiJson.readLargeObject(new byte[0], new Trickling(json)).equals(read)).isTrue();
	}

	/**
	 * Returns a random number of bytes at each read.
	 */
	private final class Trickling extends InputStream {

		private final ByteArrayInputStream json;

		Trickling(byte[] json) {
			this.json = new ByteArrayInputStream(json);
		}

		@Override
		public int read() {
			return this.json.read();
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			return this.json.read(target, offset, 1 + Base64ExtractingInputStreamTests.this.random.nextInt(length));
		}

	}

}
