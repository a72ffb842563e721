package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Analyzes a missing {@link AkiClient}, {@link AkiAsyncClient} or executor, and more than
 * one {@link AkiClient}. It runs before Spring Boot's analyzer, which does not know our
 * properties.
 */
@Order(0)
class AkiMissingBeanFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String EXECUTOR = AkiAsyncAutoConfiguration.EXECUTOR;

	/** Spring Boot sets it in tests. */
	private static final String TEST_PROPERTY = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

	private final @Nullable Environment environment;

	AkiMissingBeanFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		if (cause.getNumberOfBeansFound() > 0) {
			return (type == AkiClient.class) ? notUnique(cause, description) : null;
		}
		boolean client = type == AkiClient.class || type == AkiClient.Builder.class;
		boolean executor = EXECUTOR.equals(cause.getBeanName())
				|| String.valueOf(cause.getMessage()).contains(EXECUTOR);
		if (!client && !executor && type != AkiAsyncClient.class) {
			return null;
		}
		String missing = executor ? "the executor '" + EXECUTOR + "'"
				: "a bean of type '" + ((type != null) ? type.getCanonicalName() : "") + "'";
		return new FailureAnalysis(((description != null) ? description + " required " : "The application needs ")
				+ missing + ", which does not exist.", action(client), cause);
	}

	private static FailureAnalysis notUnique(NoSuchBeanDefinitionException cause, @Nullable String description) {
		return new FailureAnalysis(
				((description != null) ? description + " required " : "The application needs ")
						+ "a single AkiClient, but there are " + cause.getNumberOfBeansFound() + ".",
				"Declare each additional client with '@Bean(defaultCandidate = false)', and inject it with '@Qualifier'."
						+ " Then the auto-configured client, or your client without that attribute, is the default one.",
				cause);
	}

	private String action(boolean client) {
		if (!isTrue("aki.io.enabled", true)) {
			return "Set 'aki.io.enabled' to true. It is false, so that there is no AkiClient.";
		}
		if (client) {
			return isTest()
					? "The test does not contain AkiAutoConfiguration. Add '@AutoConfigureAkiEmulator' (module"
							+ " 'io.aki:aki-spring-boot-test') to the test class for a client with an emulator, or"
							+ " '@MockitoBean AkiClient' for a mock."
					: "Add the dependency 'io.aki:aki-spring-boot-starter', and do not exclude AkiAutoConfiguration.";
		}
		if (!isTrue("aki.io.async.enabled", false)) {
			return "Set 'aki.io.async.enabled' to true. It creates the AkiAsyncClient and its executor '" + EXECUTOR
					+ "'. Without it, AkiClient.doApiRequestAsync also returns at once.";
		}
		return "Your bean with the name '" + EXECUTOR + "' must be an AsyncTaskExecutor, such as a"
				+ " ThreadPoolTaskExecutor. Without this bean, 'aki.io.async.*' configures the executor.";
	}

	private boolean isTest() {
		return this.environment != null && this.environment.containsProperty(TEST_PROPERTY);
	}

	private boolean isTrue(String property, boolean otherwise) {
		return (this.environment != null) ? this.environment.getProperty(property, Boolean.class, otherwise)
				: otherwise;
	}

}
