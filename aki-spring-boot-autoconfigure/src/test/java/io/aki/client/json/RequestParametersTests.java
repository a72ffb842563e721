package io.aki.client.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.aki.client.AkiBinary;
import io.aki.client.AkiOutputBinaryFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RequestParameters}.
 */
class RequestParametersTests {

	private static final byte[] PNG = Base64.getDecoder().decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAA");

	private static final String PNG_URI = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAA";

	@TempDir
	private Path directory;

	@Test
	void scalarsAreSentAsTheyAre() {
		Map<String, Object> params = new LinkedHashMap<>();
		params.put("string", "text");
		params.put("integer", 42);
		params.put("long", 1L << 40);
		params.put("double", 0.7);
		params.put("boolean", true);
		params.put("null", null);
		assertThat(sent(params)).isEqualTo(params);
	}

	@Test
	void whatJsonWritesAsAScalarIsAScalar() {
		assertThat(sent(Map.of("enum", AkiOutputBinaryFormat.RAW, "date", LocalDate.of(2026, 11, 23), "builder",
				new StringBuilder("text"), "char", 'c', "optional", Optional.of(5))))
			.isEqualTo(Map.of("enum", "RAW", "date", "2026-11-23", "builder", "text", "char", "c", "optional", 5));
	}

	@Test
	void objectsAndListsAreSentAsStringsOfJson() {
		record Message(String role, String content) {

		}
		Map<String, Object> sent = sent(Map.of("map", Map.of("a", List.of(1)), "list", List.of("x", 1, true), "array",
				new int[] { 1, 2 }, "record", new Message("user", "Grüße \"😄\""), "records",
				new Message[] { new Message("user", "hi") }, "bean", new Bean()));
		assertThat(sent).isEqualTo(Map.of("map", "{\"a\":[1]}", "list", "[\"x\",1,true]", "array", "[1,2]", "record",
				"{\"role\":\"user\",\"content\":\"Grüße \\\"😄\\\"\"}", "records",
				"[{\"role\":\"user\",\"content\":\"hi\"}]", "bean", "{\"maxTokens\":7}"));
	}

	@Test
	void theCallersMapIsNotChanged() {
		Map<String, Object> params = Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("list", List.of(1))));
		RequestParameters.encode(params);
		assertThat(params).isEqualTo(Map.of("list", List.of(1)));
	}

	@Test
	void binaryValuesBecomeDataUris() throws IOException {
		Path file = Files.write(this.directory.resolve("input"), PNG);
		assertThat(sent(Map.of("bytes", PNG, "file", file.toFile(), "path", file, "resource",
				new FileSystemResource(file), "binary", new AkiBinary("PNG", PNG))))
			.isEqualTo(
					Map.of("bytes", PNG_URI, "file", PNG_URI, "path", PNG_URI, "resource", PNG_URI, "binary", PNG_URI));
	}

	@Test
	void binaryValuesInsideListsAndObjectsBecomeDataUrisToo() {
		Map<String, Object> sent = sent(Map.of("images", List.of(PNG, new AkiBinary("jpeg", new byte[] { 1 })),
				"chat_context", List.of(Map.of("content", List.of(Map.of("image", new ByteArrayResource(PNG)))))));
		assertThat(sent).isEqualTo(Map.of("images", "[\"" + PNG_URI + "\",\"data:image/jpeg;base64,AQ==\"]",
				"chat_context", "[{\"content\":[{\"image\":\"" + PNG_URI + "\"}]}]"));
	}

	@Test
	void theFileNameTellsTheFormatWhereTheBytesDoNot() throws IOException {
		Path file = Files.writeString(this.directory.resolve("sound.MP3"), "no signature");
		assertThat(sent(Map.of("audio", file)).get("audio")).asString().startsWith("data:audio/mp3;base64,");
	}

	@Test
	void anUnknownFormatIsAnErrorThatNamesTheParameterAndTheWayOut() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RequestParameters.encode(Map.of("image", "text".getBytes(StandardCharsets.UTF_8))))
			.withMessageContaining("'image'")
			.withMessageContaining("encodeBinary")
			.withMessageContaining("4 bytes");
	}

	@Test
	void anUnknownFormatDeepInsideIsAnErrorThatNamesTheParameter() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RequestParameters
				.encode(Map.of("chat_context", List.of(Map.of("content", List.of(new byte[] { 1, 2 }))))))
			.withMessageContaining("'chat_context'")
			.withMessageContaining("encodeBinary");
	}

	@Test
	void aFileThatIsNotThereIsAnErrorThatNamesTheParameter() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RequestParameters.encode(Map.of("image", this.directory.resolve("missing.png"))))
			.withMessageContaining("'image'")
			.withMessageContaining("missing.png");
	}

	@Test
	void whatCannotBeWrittenIsAnErrorThatNamesTheParameter() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RequestParameters.encode(Map.of("image", new ByteArrayInputStream(PNG))))
			.withMessageContaining("'image'")
			.withMessageContaining("encodeBinary");
		assertThatIllegalArgumentException().isThrownBy(() -> RequestParameters.encode(Map.of("thing", new Object())))
			.withMessageContaining("'thing' (java.lang.Object)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RequestParameters.encode(Map.of("temperature", Double.NaN)))
			.withMessageContaining("'temperature' is NaN");
	}

	@Test
	void missingParametersAreAnError() {
		assertThatIllegalArgumentException().isThrownBy(() -> RequestParameters.encode(null))
			.withMessageContaining("'params' must not be null");
	}

	@Test
	void theFormatIsReadFromTheSignature() {
		Map<String, String> signatures = Map.of("png", "\u0089PNG\r\n\u001a\n", "jpeg", "\u00ff\u00d8\u00ff\u00e0",
				"gif", "GIF89a", "webp", "RIFF\0\0\0\0WEBP", "wav", "RIFF\0\0\0\0WAVE", "flac", "fLaC", "ogg", "OggS",
				"mp3", "ID3\u0003", "tiff", "II*\0");
		signatures.forEach((format,
				signature) -> assertThat(MediaFormat.detect(signature.getBytes(StandardCharsets.ISO_8859_1), null))
					.isEqualTo(format));
		byte[] bmp = Arrays.copyOf("BM".getBytes(StandardCharsets.ISO_8859_1), 60);
		assertThat(MediaFormat.detect(bmp, null)).isEqualTo("bmp");
		assertThat(MediaFormat.detect(new byte[] { (byte) 0xff, (byte) 0xfb, 0x10 }, null)).isEqualTo("mp3");
		assertThat(MediaFormat.detect(new byte[0], null)).isNull();
		assertThat(MediaFormat.detect(new byte[] { 1 }, "notes.txt")).isNull();
	}

	private static Map<String, Object> sent(Map<String, ?> params) {
		return ApiJson.readObject(ApiJson.writeBytes(RequestParameters.encode(params)));
	}

	static class Bean {

		public int getMaxTokens() {
			return 7;
		}

	}

}
