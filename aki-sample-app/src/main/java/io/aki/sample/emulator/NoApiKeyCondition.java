package io.aki.sample.emulator;

import java.util.stream.Stream;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches where neither of the places that the starter looks at holds an API key.
 */
class NoApiKeyCondition implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		return Stream.of("aki.io.api-key", "AKI_API_KEY").map(environment::getProperty).noneMatch(StringUtils::hasText);
	}

}
