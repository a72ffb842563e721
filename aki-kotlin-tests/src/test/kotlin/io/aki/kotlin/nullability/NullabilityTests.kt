package io.aki.kotlin.nullability

import io.aki.spring.boot.autoconfigure.AkiAsyncClient
import io.aki.spring.boot.autoconfigure.AkiClientCustomizer
import io.aki.spring.boot.autoconfigure.AkiConnectionDetails
import java.net.http.HttpHeaders
import java.nio.file.Path
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * Kotlin's compiler takes each type of the public API for what it is, nullable or not, and never for a platform type,
 * of which it does not know.
 */
class NullabilityTests {

	@Test
	fun isKnownToTheCompiler(@TempDir directory: Path) {
		val ours = PublicApi.types("io.aki.client") + PublicApi.types("io.aki.spring.boot.test") +
			listOf(AkiAsyncClient::class.java, AkiClientCustomizer::class.java, AkiConnectionDetails::class.java)
		val expected = ours.flatMap { KotlinProbe(it).expectations() }
		// the JDK tells nothing of its types: the proof that this would be found
		val unknown = KotlinProbe(HttpHeaders::class.java).expectations()
			.filter { it.objection != null && "toString" !in it.subject }
		val disappointed = disappointed(expected + unknown, EmbeddedCompiler(directory))
		assertThat(disappointed.keys).containsAll(unknown)
		assertThat(disappointed - unknown).isEmpty()
		assertThat(expected).hasSizeGreaterThan(600)
	}

	private fun disappointed(expected: List<Expectation>, compiler: EmbeddedCompiler): Map<Expectation, List<String>?> {
		val lines = expected.mapIndexed { index, it -> "fun line$index()${it.code}" }
		val diagnostics = compiler.diagnostics(lines + KotlinProbe.PRELUDE.lines())
		return expected.withIndex()
			.filter { (index, it) -> !it.isMetBy(diagnostics[index].orEmpty()) }
			.associate { (index, it) -> it to diagnostics[index] }
	}

}
