package io.aki.kotlin

import io.aki.client.AkiClient
import io.aki.spring.boot.autoconfigure.AkiAutoConfiguration
import io.aki.spring.boot.autoconfigure.AkiClientCustomizer
import io.aki.spring.boot.autoconfigure.AkiConnectionDetails
import io.aki.spring.boot.test.AkiEmulator
import kotlin.time.Duration.Companion.minutes
import kotlin.time.toJavaDuration
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.springframework.beans.factory.getBean
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration

/**
 * Tests that the auto-configuration uses beans that are written in Kotlin.
 */
class ConfigurationTests {

	private val runner = ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration::class.java))
		.withUserConfiguration(VaultConfiguration::class.java)

	@Test
	fun connectionDetailsAndCustomizersAreBeansOfKotlin() {
		AkiEmulator.builder().pace(50.0).build().use { emulator ->
			val vault = Vault(emulator.apiServer(), emulator.apiKey())
			runner.withBean(Vault::class.java, { vault }).run { context ->
				val aki = context.getBean<AkiClient>()
				assertThat(aki.endpoint()).isEqualTo("llama3_8b_chat")
				assertThat(aki.initApiKey().success()).isTrue()
				vault.key = null
				assertThrows<IllegalStateException> { aki.initApiKey() }
			}
		}
	}

	class Vault(val server: String, var key: String?)

	// tag::configuration[]
	@Configuration(proxyBeanMethods = false)
	class VaultConfiguration {

		@Bean
		fun akiConnectionDetails(vault: Vault) = object : AkiConnectionDetails {

			override fun getApiServer(): String = vault.server

			override fun getApiKey(): String? = vault.key

		}

		@Bean
		fun akiEndpoint() = AkiClientCustomizer { it.endpoint("llama3_8b_chat").jobTimeout(5.minutes.toJavaDuration()) }

	}
	// end::configuration[]

}
