package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says which property brings the bean of ours that is missing. Comes before Spring Boot's
 * analyzer, which knows only the conditions.
 */
@Order(0)
class AkiMissingBeanFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String EXECUTOR = AkiAsyncAutoConfiguration.EXECUTOR;

	private final @Nullable Environment environment;

	AkiMissingBeanFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		if (cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		boolean client = type == AkiClient.class || type == AkiClient.Builder.class;
		boolean executor = EXECUTOR.equals(cause.getBeanName())
				|| String.valueOf(cause.getMessage()).contains(EXECUTOR);
		if (!client && !executor && type != AkiAsyncClient.class) {
			return null;
		}
		String missing = executor ? "the executor '" + EXECUTOR + "'"
				: "a bean of type '" + ((type != null) ? type.getCanonicalName() : "") + "'";
		return new FailureAnalysis(((description != null) ? description + " required " : "The application needs ")
				+ missing + ", which is not there.", action(client), cause);
	}

	private String action(boolean client) {
		if (!isTrue("aki.io.enabled", true)) {
			return "Set 'aki.io.enabled' to true: it is false, so that there is no AkiClient.";
		}
		if (client) {
			return "Add the dependency 'io.aki:aki-spring-boot-starter', and do not exclude AkiAutoConfiguration.";
		}
		if (!isTrue("aki.io.async.enabled", false)) {
			return "Set 'aki.io.async.enabled' to true: it brings the AkiAsyncClient and its executor '" + EXECUTOR
					+ "'. Without it, AkiClient.doApiRequestAsync returns at once as well.";
		}
		return "A bean of your own with the name '" + EXECUTOR + "' must be an AsyncTaskExecutor, such as a"
				+ " ThreadPoolTaskExecutor; without one the executor comes from 'aki.io.async'.";
	}

	private boolean isTrue(String property, boolean otherwise) {
		return (this.environment != null) ? this.environment.getProperty(property, Boolean.class, otherwise)
				: otherwise;
	}

}
