package io.aki.spring.boot.autoconfigure;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.aki.client.AkiClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.beans.BeansEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.beans.BeansEndpoint;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpointWebExtension;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpointWebExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiKeySanitizingAutoConfiguration}.
 */
class AkiKeySanitizingAutoConfigurationTests {

	private static final String KEY = "sk-Actuator/secret+1";

	private static final SecurityContext ADMINISTRATOR = new SecurityContext() {

		@Override
		public Principal getPrincipal() {
			return () -> "admin";
		}

		@Override
		public boolean isUserInRole(String role) {
			return true;
		}

	};

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, AkiKeySanitizingAutoConfiguration.class,
				RestClientAutoConfiguration.class, ConfigurationPropertiesReportEndpointAutoConfiguration.class,
				EnvironmentEndpointAutoConfiguration.class, BeansEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=*", "aki.io.endpoint=visible-endpoint");

	@ParameterizedTest
	@MethodSource
	void keyIsMaskedUnderEachOfItsNames(Show show, String name) {
		ApplicationContextRunner runner = show(show);
		runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(name.equals(name.toUpperCase())
					? new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of(name, KEY))
					: new MapPropertySource("keys", Map.of(name, KEY))))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(AkiClient.class)).isNotNull();
				assertThat(endpoints(context)).allSatisfy((json) -> assertThat(json).doesNotContain("sk-Actuator"));
			});
	}

	static Stream<Arguments> keyIsMaskedUnderEachOfItsNames() {
		return Stream.of(Show.values())
			.flatMap((show) -> Stream
				.of("aki.io.api-key", "aki.io.apiKey", "aki.io.api_key", "aki.io.apikey", "AKI.IO.API-KEY",
						"AKI_IO_APIKEY", "AKI_IO_API_KEY", "AKI_API_KEY")
				.map((name) -> Arguments.of(show, name)));
	}

	@Test
	void keyIsMaskedWhereverItComesFrom() {
		show(Show.ALWAYS)
			.withPropertyValues("aki.io.api-key=${my.vault.value}", "my.vault.value=" + KEY,
					"sun.java.command=app.jar --aki.io.api-key=" + KEY)
			.run((context) -> assertThat(endpoints(context))
				.allSatisfy((json) -> assertThat(json).doesNotContain(KEY)));
	}

	@Test
	void secretOfEventStreamsIsMasked() {
		show(Show.ALWAYS)
			.withPropertyValues("aki.io.web.token-secret=${my.vault.value}", "my.vault.value=" + KEY,
					"sun.java.command=app.jar --aki.io.web.token-secret=" + KEY)
			.run((context) -> assertThat(endpoints(context))
				.allSatisfy((json) -> assertThat(json).doesNotContain(KEY)));
		show(Show.ALWAYS)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("AKI_IO_WEB_TOKENSECRET", KEY))))
			.run((context) -> assertThat(endpoints(context))
				.allSatisfy((json) -> assertThat(json).doesNotContain(KEY)));
	}

	@Test
	void allElseIsShownThatIsToBeShown() {
		show(Show.ALWAYS).withPropertyValues("aki.io.api-key=" + KEY)
			.run((context) -> assertThat(configprops(context)).contains("visible-endpoint", "https://aki.io"));
	}

	@ParameterizedTest
	@EnumSource
	void keyIsShownWithoutOurs(Show show) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, RestClientAutoConfiguration.class,
					ConfigurationPropertiesReportEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=*", "aki.io.api-key=" + KEY,
					"management.endpoint.configprops.show-values=" + show)
			.run((context) -> assertThat(configprops(context).contains(KEY)).as("seen by an administrator")
				.isEqualTo(show != Show.NEVER));
	}

	@Test
	void applicationStartsWithoutTheActuator() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class))
			.withConfiguration(AutoConfigurations.of(AkiKeySanitizingAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean("akiKeySanitizingFunction"));
	}

	private ApplicationContextRunner show(Show show) {
		return this.contextRunner.withPropertyValues("management.endpoint.configprops.show-values=" + show,
				"management.endpoint.env.show-values=" + show);
	}

	private static String configprops(ApplicationContext context) {
		return json(context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties())
				+ json(context.getBean(ConfigurationPropertiesReportEndpointWebExtension.class)
					.configurationProperties(ADMINISTRATOR));
	}

	private static List<String> endpoints(ApplicationContext context) {
		return List.of(configprops(context), json(context.getBean(EnvironmentEndpoint.class).environment(null)),
				json(context.getBean(EnvironmentEndpointWebExtension.class).environment(ADMINISTRATOR, null)),
				json(context.getBean(EnvironmentEndpointWebExtension.class)
					.environmentEntry(ADMINISTRATOR, "aki.io.api-key")
					.getBody()),
				json(context.getBean(EnvironmentEndpointWebExtension.class)
					.environmentEntry(ADMINISTRATOR, "AKI_API_KEY")
					.getBody()),
				json(context.getBean(BeansEndpoint.class).beans()));
	}

	private static String json(Object descriptor) {
		return JsonMapper.shared().writeValueAsString(descriptor);
	}

}
