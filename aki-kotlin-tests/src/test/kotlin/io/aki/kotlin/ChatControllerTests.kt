package io.aki.kotlin

import io.aki.client.AkiClient
import io.aki.client.AkiParameters
import io.aki.spring.boot.test.AutoConfigureAkiEmulator
import io.aki.spring.web.AkiEventStream
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.test.context.SpringBootTest
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment
import org.springframework.boot.test.web.server.LocalServerPort
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import org.springframework.http.MediaType
import org.springframework.web.bind.annotation.PostMapping
import org.springframework.web.bind.annotation.RequestBody
import org.springframework.web.bind.annotation.RestController

/**
 * Tests a Kotlin controller that streams a chat.
 */
@SpringBootTest("aki.io.endpoint=llama3_8b_chat", webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureAkiEmulator
class ChatControllerTests {

	@Test
	fun streams(@LocalServerPort port: Int) {
		val request = HttpRequest.newBuilder(URI("http://127.0.0.1:$port/chat"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("""{"text": "Tell me a joke"}"""))
			.build()
		val events = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body()
		assertThat(events).contains("event:delta\n", "event:done\n")
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(ChatController::class)
	class Application

}

// tag::chat[]
data class Question(val text: String)

@RestController
class ChatController(private val aki: AkiClient) {

	@PostMapping("/chat", produces = [MediaType.TEXT_EVENT_STREAM_VALUE])
	fun chat(@RequestBody question: Question) =
		AkiEventStream.of(aki, AkiParameters.chat().user(question.text))

}
// end::chat[]
