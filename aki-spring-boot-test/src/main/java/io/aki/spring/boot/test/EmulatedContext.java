package io.aki.spring.boot.test;

import java.util.function.Consumer;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Prepares an application context so that its client uses the emulator. This module must
 * not depend on the auto-configuration module, because the tests of that module use this
 * one. Therefore it only sets properties and registers a bean by its class name.
 */
final class EmulatedContext {

	static final String CONNECTION_DETAILS = "io.aki.spring.boot.autoconfigure.PropertiesAkiConnectionDetails";

	private static final String NAME = "akiEmulator";

	private EmulatedContext() {
	}

	/**
	 * Return whether the context already contains an emulator.
	 */
	static boolean isEmulated(ConfigurableApplicationContext context) {
		return context.getEnvironment().getPropertySources().contains(NAME);
	}

	/**
	 * Register an emulator. It starts when it is first used. It stops with the context,
	 * even if the context fails to start. An {@link AkiEmulator} bean of the application
	 * replaces it.
	 */
	static void prepare(ConfigurableApplicationContext context, AkiEmulator.Builder builder,
			Consumer<AkiEmulator> started) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beanFactory;
		registry.registerBeanDefinition(NAME, emulator(beanFactory, builder, started));
		EmulatorPropertySource properties = new EmulatorPropertySource(NAME,
				beanFactory.getBeanProvider(AkiEmulator.class));
		context.getEnvironment().getPropertySources().addFirst(properties);
		context.addBeanFactoryPostProcessor((complete) -> properties.open());
		if (ClassUtils.isPresent(CONNECTION_DETAILS, context.getClassLoader())) {
			registry.registerBeanDefinition("akiEmulatorConnectionDetails", connectionDetails());
		}
	}

	private static RootBeanDefinition emulator(ConfigurableListableBeanFactory beanFactory, AkiEmulator.Builder builder,
			Consumer<AkiEmulator> started) {
		RootBeanDefinition definition = new RootBeanDefinition(AkiEmulator.class, () -> {
			beanFactory.getBeanProvider(AkiEmulatorCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(builder));
			AkiEmulator emulator = builder.build();
			started.accept(emulator);
			return emulator;
		});
		definition.setDestroyMethodName("close");
		definition.setLazyInit(true);
		definition.setFallback(true);
		return definition;
	}

	/**
	 * Return connection details that use the properties of the emulator. They take
	 * precedence over the connection details of the application.
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
