package io.aki.kotlin.nullability

import io.aki.client.AkiAsyncClient
import io.aki.spring.boot.autoconfigure.AkiClientCustomizer
import io.aki.spring.boot.autoconfigure.AkiConnectionDetails
import java.net.http.HttpHeaders
import java.nio.file.Path
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * Tests that the Kotlin compiler knows for each type of the public API whether it is nullable. No type may be a
 * platform type, whose nullability the compiler does not know.
 */
class NullabilityTests {

	@Test
	fun isKnownToTheCompiler(@TempDir directory: Path) {
		val expected = expected()
		// the JDK declares no nullability: this proves that the test finds platform types
		val unknown = KotlinProbe(HttpHeaders::class.java).expectations()
			.filter { it.objection != null && "toString" !in it.subject }
		val disappointed = disappointed(expected + unknown, EmbeddedCompiler(directory))
		assertThat(disappointed.keys).containsAll(unknown)
		assertThat(disappointed - unknown).isEmpty()
		assertThat(expected).hasSizeGreaterThan(600)
	}

	@Test
	fun isWhatCallersRelyOn() {
		assertThat(expected().map { it.subject }).contains(
			"AkiResult.text() is nullable",
			"AkiResult.audio() is nullable",
			"AkiResult.thinking() is nullable",
			"AkiResult.toolCalls() is nullable",
			"AkiResult.numGeneratedTokens() is nullable",
			"AkiResult.jobId() is nullable",
			"AkiResult.error() is nullable",
			"AkiResult.errorCode() is nullable",
			"AkiResult.get(String) is nullable",
			"an element of AkiResult.asMap() is nullable",
			"an element of AkiResult.images() is never null",
			"AkiResult.orThrow() is never null",
			"AkiJob.jobId() is nullable",
			"an element of AkiJob.result() is never null",
			"an element of AkiJob.publisher() is never null",
			"AkiProgress.info() is never null",
			"AkiProgress.data() is nullable",
			"AkiProgressData.text() is nullable",
			"AkiProgressCallback.onProgress(AkiProgressInfo, AkiProgressData) takes null as parameter 1",
			"AkiClient.endpoint() is nullable",
			"AkiClient.doApiRequest(Map, AkiProgressCallback) takes null as parameter 1",
			"AkiConnectionDetails.getApiServer() is never null",
			"AkiConnectionDetails.getApiKey() is nullable",
		)
	}

	private fun expected(): List<Expectation> {
		val beans = listOf(AkiAsyncClient::class, AkiClientCustomizer::class, AkiConnectionDetails::class).map { it.java }
		return (PublicApi.types("io.aki.client") + PublicApi.types("io.aki.spring.boot.test") + beans)
			.flatMap { KotlinProbe(it).expectations() }
	}

	private fun disappointed(expected: List<Expectation>, compiler: EmbeddedCompiler): Map<Expectation, List<String>?> {
		val lines = expected.mapIndexed { index, it -> "fun line$index()${it.code}" }
		val diagnostics = compiler.diagnostics(lines + KotlinProbe.PRELUDE.lines())
		return expected.withIndex()
			.filter { (index, it) -> !it.isMetBy(diagnostics[index].orEmpty()) }
			.associate { (index, it) -> it to diagnostics[index] }
	}

}
