package io.aki.kotlin.jokes

import io.aki.client.AkiClient
import io.aki.client.AkiParameters
import kotlinx.coroutines.future.await
import org.springframework.stereotype.Component

// tag::bean[]
@Component
class Jokes(private val aki: AkiClient) {

	suspend fun tell(): String {
		val result = aki.doApiRequestAsync(AkiParameters.chat().user("Tell me a joke")).result().await()
		return result.answer() ?: "No joke today"
	}

}
// end::bean[]
