package io.aki.client;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.secrets.TestKeys;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeyMask}.
 */
class KeyMaskTests {

	private final KeyMask mask = new KeyMask(TestKeys.STRANGE);

	@Test
	void keyIsMaskedInEveryForm() {
		assertThat(TestKeys.forms(TestKeys.STRANGE)).hasSizeGreaterThan(5)
			.allSatisfy((form) -> assertThat(this.mask.mask("a " + form + " b " + form)).isEqualTo("a *** b ***"));
		assertThat(new KeyMask("abc/def").mask("\\u0061bc\\/d%65&#x66;")).isEqualTo("***");
	}

	@Test
	void otherTextsStay() {
		assertThat(this.mask.mask("s3cr/et+k&y")).isEqualTo("s3cr/et+k&y");
		assertThat(new KeyMask(null).mask("key=null")).isEqualTo("key=null");
		assertThat(new KeyMask("key").mask("a key too short to be one")).isEqualTo("a key too short to be one");
	}

	@Test
	void objectsAreMaskedHoweverDeep() {
		Map<String, Object> object = new LinkedHashMap<>();
		object.put(TestKeys.STRANGE, 1);
		object.put("list", Arrays.asList(null, 2, Map.of("x", TestKeys.STRANGE)));
		assertThat(this.mask.mask(object))
			.isEqualTo(Map.of("***", 1, "list", Arrays.asList(null, 2, Map.of("x", "***"))));
	}

	@Test
	void exceptionWithoutTheKeyIsKept() {
		Exception thrown = new IOException("x", new IOException("y"));
		assertThat(this.mask.mask(thrown)).isSameAs(thrown);
		assertThat(this.mask.mask((Throwable) null)).isNull();
	}

	@Test
	void exceptionThatShowsTheKeyAnywhereIsReplaced() {
		Exception suppressing = new IOException("x");
		suppressing.addSuppressed(new IOException(TestKeys.STRANGE));
		for (Exception thrown : List.of(new IOException("bad line: " + TestKeys.STRANGE),
				new IOException("x", new IllegalArgumentException(TestKeys.STRANGE)), suppressing)) {
			Throwable masked = this.mask.mask(thrown);
			assertThat(masked).isNotSameAs(thrown).hasMessageStartingWith("java.io.IOException: ");
			assertThat(masked.getStackTrace()).isEqualTo(thrown.getStackTrace());
			assertThat(masked.getSuppressed()).isEmpty();
			assertThat(masked).hasStackTraceContaining("java.io.IOException");
			java.io.StringWriter trace = new java.io.StringWriter();
			masked.printStackTrace(new java.io.PrintWriter(trace));
			assertThat(trace.toString()).doesNotContain(TestKeys.STRANGE);
		}
	}

	@Test
	void exceptionsThatCauseEachOtherAreMasked() {
		Exception first = new IOException(TestKeys.STRANGE);
		Exception second = new IOException("x", first);
		first.initCause(second);
		assertThat(this.mask.mask(second)).hasMessage("java.io.IOException: x");
	}

}
