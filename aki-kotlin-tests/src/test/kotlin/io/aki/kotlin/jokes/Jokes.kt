package io.aki.kotlin.jokes

import io.aki.client.AkiClient
import kotlinx.coroutines.future.await
import org.springframework.stereotype.Component

// tag::bean[]
@Component
class Jokes(private val aki: AkiClient) {

	suspend fun tell(): String {
		val result = aki.doApiRequestAsync(mapOf("prompt_input" to "Tell me a joke")).result().await()
		return result.text() ?: "No joke today"
	}

}
// end::bean[]
