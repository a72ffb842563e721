package io.aki.sample;

import java.net.InetAddress;
import java.util.stream.Stream;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Stops the start of an application that is not safe or cannot work. It is checked before
 * any other bean is created.
 */
@Component
class StartupChecks implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Environment environment = beanFactory.getBean(Environment.class);
		if (!hasKey(environment) && !hasEmulator(environment)) {
			throw new StartupException(
					"There is no API key. Without one, the application starts only if no profile is active:"
							+ " the emulator then answers.",
					"Set the environment variable AKI_API_KEY or the property 'aki.io.api-key'. To try a profile"
							+ " with the emulator, set 'aki.io.emulator.enabled' to true.");
		}
		if (environment.acceptsProfiles(Profiles.of("production")) && hasEmulator(environment)) {
			throw new StartupException("The profile 'production' does not start with the emulator.",
					"Remove the property 'aki.io.emulator.enabled', and set AKI_API_KEY.");
		}
		if (environment.acceptsProfiles(Profiles.of("login"))) {
			if (!Binder.get(environment).bind("sample.users", Bindable.mapOf(String.class, String.class)).isBound()) {
				throw new StartupException("The profile 'login' needs at least one user.",
						"Set the encoded password of a user, such as 'sample.users.anna={bcrypt}$2a$…'.");
			}
		}
		else if (!isLoopback(environment) && !environment.getProperty("sample.allow-anonymous", Boolean.class, false)) {
			throw new StartupException(
					"Other machines could use the server without a login. The property 'server.address' is "
							+ environment.getProperty("server.address", "not set") + ".",
					"Activate the profile 'login', or set 'server.address' to 127.0.0.1. If another system"
							+ " protects the server, set 'sample.allow-anonymous' to true.");
		}
	}

	private static boolean hasKey(Environment environment) {
		return Stream.of("aki.io.api-key", "AKI_API_KEY").map(environment::getProperty).anyMatch(StringUtils::hasText);
	}

	private static boolean hasEmulator(Environment environment) {
		return environment.getProperty("aki.io.emulator.enabled", Boolean.class, false);
	}

	private static boolean isLoopback(Environment environment) {
		return Binder.get(environment)
			.bind("server.address", InetAddress.class)
			.map(InetAddress::isLoopbackAddress)
			.orElse(false);
	}

}
