package io.aki.kotlin

import io.aki.client.AkiClient
import io.aki.client.AkiJobFailedException
import io.aki.client.AkiParameters
import io.aki.client.AkiProgress
import io.aki.spring.boot.test.AkiEmulator
import io.aki.spring.boot.test.AkiEmulatorClock
import java.util.concurrent.CancellationException
import kotlin.math.roundToInt
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.await
import kotlinx.coroutines.jdk9.asFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows

/**
 * Tests a job in coroutines. The result is awaited, and the progress and the text are flows. Canceling a coroutine
 * cancels the job.
 */
@Timeout(60)
class CoroutineTests {

	@BeforeEach
	fun reset() = emulator.reset()

	@Test
	suspend fun awaitsTheResult() {
		assertThat(chat("Hello")).isEqualTo(TEXT)
		assertThat(states()).containsExactly("done")
	}

	// tag::await[]
	suspend fun chat(prompt: String): String? {
		val job = aki.doApiRequestAsync(AkiParameters.chat().user(prompt))
		return job.result().await().orThrow().answer()
	}
	// end::await[]

	@Test
	suspend fun awaitThrowsTheJobsFailure() {
		val raising = aki.mutate().raiseExceptions(true).build()
		val failure = assertThrows<AkiJobFailedException> {
			raising.doApiRequestAsync(AkiParameters.chat().user("FAIL")).result().await()
		}
		assertThat(failure.jobId()).isEqualTo(emulator.jobs().single().id)
	}

	@Test
	suspend fun cancelingTheCoroutineCancelsTheJob() {
		coroutineScope {
			val answer = async { chat("HANG") }
			eventually { states() == listOf("processing") }
			answer.cancelAndJoin()
			assertThrows<CancellationException> { answer.await() }
		}
		eventually { states() == listOf("canceled") }
	}

	@Test
	suspend fun aTimeoutCancelsTheJob() {
		val job = aki.doApiRequestAsync(AkiParameters.chat().user("HANG"))
		eventually { states() == listOf("processing") }
		assertThrows<TimeoutCancellationException> {
			withTimeout(1.milliseconds) { job.result().await() }
		}
		eventually { states() == listOf("canceled") }
	}

	@Test
	suspend fun progressIsAFlow() {
		val page = StringBuilder()
		// tag::progress[]
		val job = aki.forEndpoint("z_image_turbo").doApiRequestAsync(mapOf("prompt" to "A lighthouse"))
		job.publisher().asFlow().conflate().collect { progress ->
			page.appendLine("${progress.info.progress.roundToInt()} %")
		}
		val result = job.result().await()
		// end::progress[]
		assertThat(result.orThrow().images()).hasSize(1)
		assertThat(page).startsWith("0 %")
		assertThat(states()).containsExactly("done")
	}

	@Test
	suspend fun leavingTheFlowCancelsTheJob() {
		val job = aki.doApiRequestAsync(AkiParameters.chat().user("HANG"))
		val progress = job.publisher().asFlow().first()
		assertThat(progress.info.jobId).isEqualTo(job.jobId())
		eventually { states() == listOf("canceled") }
	}

	@Test
	suspend fun aSlowCollectorGetsTheNewestProgress() {
		assertThat(seenByASlowCollector { it.conflate() }).isBetween(1, 4)
		assertThat(seenByASlowCollector { it.buffer(Channel.RENDEZVOUS) }).isBetween(1, 4)
	}

	/**
	 * Return how many of 20 or more reports a slow collector sees. The collector is busy with the first report until
	 * the job has ended.
	 */
	private suspend fun seenByASlowCollector(buffered: (Flow<AkiProgress>) -> Flow<AkiProgress>): Int {
		val clock = AkiEmulatorClock.create()
		AkiEmulator.builder().seed(7).clock(clock).build().use { emulator ->
			val job = aki.mutate().apiServer(emulator.apiServer()).build()
				.doApiRequestAsync(AkiParameters.chat().user("Hello"))
			var seen = 0
			buffered(job.publisher().asFlow()).collect {
				if (++seen == 1) {
					repeat(20) { polls -> eventually { emulator.jobs().single().polls > polls } }
					clock.advance(10.minutes.toJavaDuration())
					job.result().await()
				}
			}
			return seen
		}
	}

	@Test
	suspend fun textIsAFlow() {
		assertThat(stream("Hello").toList().joinToString("")).isEqualTo(TEXT)
		assertThat(states()).containsExactly("done")
	}

	// tag::text[]
	fun stream(prompt: String): Flow<String> = flow {
		val job = aki.doApiRequestAsync(AkiParameters.chat().user(prompt))
		emitAll(job.textPublisher().asFlow())
	}
	// end::text[]

	@Test
	suspend fun leavingTheTextCancelsTheJob() {
		coroutineScope {
			val reader = launch { stream("HANG").collect {} }
			eventually { states() == listOf("processing") }
			reader.cancelAndJoin()
		}
		eventually { states() == listOf("canceled") }
	}

	companion object {

		private val TEXT = "Kotlin is an island in the Gulf of Finland. ".repeat(20).trim()

		private val emulator = AkiEmulator.builder().seed(7).pace(50.0).chatReply { TEXT }.build()

		private val aki = AkiClient.builder()
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.progressInterval(5.milliseconds.toJavaDuration())
			.build()

		@JvmStatic
		@AfterAll
		fun stop() {
			aki.close()
			emulator.close()
		}

		private fun states() = emulator.jobs().map { it.state }

		private suspend fun eventually(condition: () -> Boolean) = withTimeout(30.seconds) {
			while (!condition()) {
				delay(1.milliseconds)
			}
		}

	}

}
