package io.aki.spring.boot.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that masks the API key and
 * {@code aki.io.web.token-secret} in the actuator's endpoints, even if they are
 * configured to show all values.
 *
 * @since 1.0.0
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class AkiKeySanitizingAutoConfiguration {

	AkiKeySanitizingAutoConfiguration() {
	}

	@Bean
	SanitizingFunction akiKeySanitizingFunction(ObjectProvider<AkiProperties> properties, Environment environment) {
		return new KeySanitizingFunction(properties, environment);
	}

}
