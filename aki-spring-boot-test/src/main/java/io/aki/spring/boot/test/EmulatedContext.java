package io.aki.spring.boot.test;

import java.util.Map;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * An application context whose application is to talk to the emulator. Properties do
 * that, and a bean that is known by its name alone: the module of the auto-configuration
 * is tested with this one, which therefore cannot depend on it.
 */
final class EmulatedContext {

	private static final String NAME = "akiEmulator";

	private static final String CONNECTION_DETAILS = "io.aki.spring.boot.autoconfigure.PropertiesAkiConnectionDetails";

	private EmulatedContext() {
	}

	/**
	 * Return whether there is an emulator in the context already.
	 */
	static boolean isEmulated(ConfigurableApplicationContext context) {
		return context.getEnvironment().getPropertySources().contains(NAME);
	}

	/**
	 * Start an emulator that ends with the context, and even if the context fails to
	 * start.
	 */
	static AkiEmulator start(ConfigurableApplicationContext context, AkiEmulator.Builder builder) {
		AkiEmulator emulator = builder.build();
		ConfigurableEnvironment environment = context.getEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource(NAME,
					Map.of("aki.io.api-server", emulator.apiServer(), "aki.io.api-key", emulator.apiKey())));
		DefaultListableBeanFactory beanFactory = (DefaultListableBeanFactory) context.getBeanFactory();
		beanFactory.registerSingleton(NAME, emulator);
		beanFactory.registerDisposableBean(NAME, emulator::close);
		if (ClassUtils.isPresent(CONNECTION_DETAILS, context.getClassLoader())) {
			beanFactory.registerBeanDefinition("akiEmulatorConnectionDetails", connectionDetails());
		}
		return emulator;
	}

	/**
	 * Have the properties win over connection details of the application's own.
	 */
	private static RootBeanDefinition connectionDetails() {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setBeanClassName(CONNECTION_DETAILS);
		definition.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		definition.setLazyInit(true);
		definition.setPrimary(true);
		return definition;
	}

}
