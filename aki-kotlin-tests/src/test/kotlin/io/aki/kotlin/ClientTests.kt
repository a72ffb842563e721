package io.aki.kotlin

import io.aki.client.AkiBinary
import io.aki.client.AkiClient
import io.aki.client.AkiException
import io.aki.client.AkiJobState
import io.aki.client.AkiParameters
import io.aki.client.AkiProgressData
import io.aki.client.AkiProgressInfo
import io.aki.client.AkiResult
import io.aki.client.AkiRetryPolicy
import io.aki.client.AkiTextStream
import io.aki.client.AkiToolCall
import io.aki.spring.boot.test.AkiEmulator
import io.aki.spring.boot.test.AkiEmulatorRequest
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.springframework.util.unit.DataSize

/**
 * Tests the client in Kotlin. The compilation is half of the test: warnings are errors, and the code does not use '!!'.
 */
@Timeout(60)
class ClientTests {

	@BeforeEach
	fun reset() = emulator.reset()

	@Test
	fun chat() {
		val result = aki.doApiRequest(mapOf(
			"chat_context" to listOf(mapOf("role" to "user", "content" to "Tell me a joke")),
			"max_gen_tokens" to 200))
		if (result.success()) {
			println(result.text())
		}
		assertThat(result.text()).isNotBlank()
		val state: AkiJobState = result.jobState()
		assertThat(state).isEqualTo(AkiJobState.DONE)
		val tokens: Int? = result.numGeneratedTokens()
		assertThat(tokens ?: -1).isPositive()
		val values: Map<String, Any?> = result.asMap()
		assertThat(values["text"]).isEqualTo(result["text"])
	}

	@Test
	fun typedParameters() {
		val chat = AkiParameters.chat().system("Be brief").user("Tell me a joke").maxGenTokens(200)
		val answer: String? = aki.doApiRequest(chat).orThrow().answer()
		assertThat(answer).isNotBlank()
		assertThat(chat["max_gen_tokens"]).isEqualTo(200)
		val parameters: Map<String, Any> = chat.set("top_k", 3)
		assertThat(parameters).containsKey("top_k")
		val toolCalls: List<AkiToolCall> = aki.doApiRequest(parameters).toolCallList()
		assertThat(toolCalls).isEmpty()
	}

	@Test
	fun callbacksAreLambdas() {
		val page = StringBuilder()
		// tag::callback[]
		val result = aki.doApiRequest(AkiParameters.chat().user("Write a short story")) { info, data ->
			page.appendLine("${info.jobState}: ${data?.text() ?: "nothing yet"}")
		}
		// end::callback[]
		assertThat(page).startsWith("QUEUED: nothing yet")
		assertThat(result.orThrow().text()).isNotBlank()
		assertThat(aki.doApiRequest(AkiParameters.chat().user("Hello"), null).success()).isTrue()
	}

	@Test
	fun streaming() {
		val console = StringBuilder()
		val text = AkiTextStream { piece -> console.append(piece) }
		val result = text.finish(aki.doApiRequest(AkiParameters.chat().user("Write a short story"), text))
		assertThat(console.toString()).isEqualTo(result.text())
	}

	@Test
	fun progressIsReadAsProperties() {
		aki.doApiRequestAsync(AkiParameters.chat().user("Hello")).progress().use { reports ->
			for (report in reports) {
				val info: AkiProgressInfo = report.info
				val data: AkiProgressData? = report.data
				assertThat(info.progress).isBetween(0.0, 100.0)
				assertThat(data?.text() ?: "").isNotNull()
			}
		}
	}

	@Test
	fun imagesAreBytes() {
		val images: List<AkiBinary> = aki.forEndpoint("z_image_turbo")
			.doApiRequestAwait(mapOf("prompt" to "A lighthouse"))
			.orThrow()
			.binaries()
		val bytes: ByteArray = images.single().data
		assertThat(AkiClient.decodeBinary(AkiClient.encodeBinary(bytes, images.single().format)).data).isEqualTo(bytes)
	}

	@Test
	fun aParameterMayBeNull() {
		val name: String? = null
		val result = AkiResult.of(mapOf("success" to true, "text" to name))
		assertThat(result.text()).isNull()
	}

	@Test
	fun theBuilderTakesLambdasAndDurations() {
		var key = "first-key"
		AkiEmulator.builder().apiKeys("first-key", "second-key").pace(50.0).build().use { emulator ->
			AkiClient.builder()
				.apiServer(emulator.apiServer())
				.apiKey { key }
				.endpoint("llama3_8b_chat")
				.progressInterval(50.milliseconds.toJavaDuration())
				.readTimeout(30.seconds.toJavaDuration())
				.retry(AkiRetryPolicy.none())
				.maxResponseSize(DataSize.ofMegabytes(8))
				.build()
				.use { aki ->
					assertThat(aki.initApiKey().success()).isTrue()
					key = "second-key"
					assertThat(aki.initApiKey().success()).isTrue()
				}
			assertThat(emulator.requests().map(AkiEmulatorRequest::query).map { it["key"] })
				.containsExactly("first-key", "second-key")
		}
	}

	@Test
	fun failuresAreValuesOrExceptions() {
		val prompt = "FAIL"
		// tag::failures[]
		val result = aki.doApiRequest(AkiParameters.chat().user(prompt))
		val text = result.answer() ?: "Sorry: ${result.error()}"
		// end::failures[]
		assertThat(text).startsWith("Sorry: ").isNotEqualTo("Sorry: null")
		val failure = assertThrows<AkiException> { result.orThrow() }
		val status: Int? = failure.errorCode()
		assertThat(status).isEqualTo(result.errorCode())
	}

	@Test
	fun endpointsAreDescribed() {
		val names: List<String> = aki.getEndpointList().orThrow().endpoints()
		val details = aki.getEndpointDetails(names.first()).orThrow()
		val title: String? = details.title()
		assertThat(title ?: "").isNotBlank()
		val description: Map<String, Any?> = details.parameterDescription()
		assertThat(description).containsKey("input")
	}

	companion object {

		private val emulator = AkiEmulator.builder().seed(7).pace(50.0).build()

		private val aki = AkiClient.builder()
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.build()

		@JvmStatic
		@AfterAll
		fun stop() {
			aki.close()
			emulator.close()
		}

	}

}
