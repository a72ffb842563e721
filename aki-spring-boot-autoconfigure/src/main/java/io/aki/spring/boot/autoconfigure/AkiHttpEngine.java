package io.aki.spring.boot.autoconfigure;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.aki.client.http.AkiClientHttpRequestFactory;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The HTTP engine and its connections, which all clients of the application share.
 * <p>
 * The engine is the user's {@link ClientHttpRequestFactoryBuilder}, else Apache
 * HttpClient 5 if present, else the JDK's. The engine that Spring Boot detects is not
 * used, because it may be on the class path for another reason.
 */
class AkiHttpEngine implements DisposableBean {

	private static final String BOOTS_CONFIGURATION = "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration";

	private static final String FACTORY_PROPERTY = "spring.http.clients.imperative.factory";

	private static final String APACHE_CLASS = "org.apache.hc.client5.http.impl.classic.HttpClients";

	private final AkiClientHttpRequestFactory requestFactory;

	AkiHttpEngine(ConfigurableListableBeanFactory beanFactory, AkiProperties properties,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers,
			ObjectProvider<HttpClientSettings> settings, ObjectProvider<SslBundles> sslBundles,
			Environment environment) {
		boolean apachePresent = ClassUtils.isPresent(APACHE_CLASS, beanFactory.getBeanClassLoader());
		ClientHttpRequestFactoryBuilder<?> builder = builders.getIfUnique();
		Duration maxIdleBeforeStart = null;
		if (builder == null || isBoots(beanFactory)) {
			maxIdleBeforeStart = properties.getMaxIdleBeforeStart();
			builder = choose(builder, environment.containsProperty(FACTORY_PROPERTY), apachePresent, customizers,
					maxIdleBeforeStart);
		}
		this.requestFactory = requestFactory(builder, settings(properties, settings, sslBundles), maxIdleBeforeStart);
	}

	private static AkiClientHttpRequestFactory requestFactory(ClientHttpRequestFactoryBuilder<?> builder,
			HttpClientSettings settings, @Nullable Duration maxIdleBeforeStart) {
		if (builder instanceof JdkClientHttpRequestFactoryBuilder jdk) {
			return Jdk.requestFactory(jdk, settings, maxIdleBeforeStart);
		}
		return new AkiClientHttpRequestFactory(builder.build(settings));
	}

	ClientHttpRequestFactory requestFactory() {
		return this.requestFactory;
	}

	private static ClientHttpRequestFactoryBuilder<?> choose(@Nullable ClientHttpRequestFactoryBuilder<?> boots,
			boolean chosenByProperty, boolean apachePresent,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers, Duration maxIdleBeforeStart) {
		boolean apache = apachePresent;
		if (boots != null && chosenByProperty) {
			apache = apachePresent && Apache.isMadeBy(boots);
			if (!apache && !(boots instanceof JdkClientHttpRequestFactoryBuilder)) {
				return boots;
			}
		}
		if (!apache) {
			return customize(Jdk.tuned(), customizers.orderedStream().toList());
		}
		return customize(Apache.tuned(maxIdleBeforeStart), customizers.orderedStream().toList());
	}

	private static boolean isBoots(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(ClientHttpRequestFactoryBuilder.class)) {
			if (beanFactory.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition) {
				Method method = definition.getResolvedFactoryMethod();
				if (method != null && method.getDeclaringClass().getName().equals(BOOTS_CONFIGURATION)) {
					return true;
				}
			}
		}
		return false;
	}

	@SuppressWarnings("unchecked")
	private static ClientHttpRequestFactoryBuilder<?> customize(ClientHttpRequestFactoryBuilder<?> builder,
			List<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
		ClientHttpRequestFactoryBuilder<?>[] customized = { builder };
		LambdaSafe.callbacks(ClientHttpRequestFactoryBuilderCustomizer.class, customizers, builder)
			.invoke((customizer) -> customized[0] = customizer.customize(customized[0]));
		return customized[0];
	}

	private static HttpClientSettings settings(AkiProperties properties, ObjectProvider<HttpClientSettings> settings,
			ObjectProvider<SslBundles> sslBundles) {
		AkiProperties.checkPositive("aki.io.connect-timeout", properties.getConnectTimeout(), "10s");
		AkiProperties.checkPositive("aki.io.read-timeout", properties.getReadTimeout(), "300s");
		AkiProperties.checkPositive("aki.io.max-idle-before-start", properties.getMaxIdleBeforeStart(), "500ms");
		HttpClientSettings ours = settings.getIfAvailable(HttpClientSettings::defaults)
			.withTimeouts(properties.getConnectTimeout(), properties.getReadTimeout())
			.withRedirects(HttpRedirects.DONT_FOLLOW);
		String bundle = properties.getSsl().getBundle();
		if (bundle == null) {
			return ours;
		}
		try {
			return ours.withSslBundle(sslBundles.getObject().getBundle(bundle));
		}
		catch (NoSuchSslBundleException ex) {
			throw new InvalidConfigurationPropertyValueException("aki.io.ssl.bundle", bundle,
					"There is no such SSL bundle. Define it below 'spring.ssl.bundle', for example with 'spring.ssl.bundle.pem."
							+ bundle + ".truststore.certificate'.");
		}
	}

	@Override
	public void destroy() {
		this.requestFactory.destroy();
	}

	/**
	 * The configured engine of the JDK.
	 *
	 * @param client creates the engine
	 * @param compression whether to accept compressed responses
	 */
	private record Jdk(HttpClient.Builder client, boolean compression) {

		/**
		 * HTTP/2 loses paid results: on JDK 17 a GOAWAY frame of the server ends the
		 * exchanges in flight, and no JDK detects a dead connection.
		 */
		static JdkClientHttpRequestFactoryBuilder tuned() {
			return ClientHttpRequestFactoryBuilder.jdk()
				.withExecutor(AkiClientHttpRequestFactory.JDK_EXECUTOR)
				.withHttpClientCustomizer((client) -> client.version(HttpClient.Version.HTTP_1_1));
		}

		/**
		 * Create the engine as Spring Boot does, with all settings and customizers. An
		 * SSL bundle is loaded at once, so that an error in it ends the application's
		 * start.
		 * @param maxIdleBeforeStart the limit for starts, or {@code null} for an engine
		 * of the user
		 */
		static AkiClientHttpRequestFactory requestFactory(JdkClientHttpRequestFactoryBuilder builder,
				HttpClientSettings settings, @Nullable Duration maxIdleBeforeStart) {
			SingletonSupplier<Jdk> configured = SingletonSupplier.of(() -> configure(builder, settings));
			if (settings.sslBundle() != null) {
				configured.obtain();
			}
			Supplier<HttpClient> client = () -> configured.obtain().client().build();
			BooleanSupplier compression = () -> configured.obtain().compression();
			return (maxIdleBeforeStart != null)
					? AkiClientHttpRequestFactory.ofJdkClient(client, maxIdleBeforeStart, compression)
					: AkiClientHttpRequestFactory.ofJdkClient(client, compression);
		}

		/**
		 * The request factory does not expose its engine, but a customizer gets the
		 * configured builder of the engine. The engine that is built here is not used.
		 */
		private static Jdk configure(JdkClientHttpRequestFactoryBuilder builder, HttpClientSettings settings) {
			AtomicReference<HttpClient.Builder> configured = new AtomicReference<>();
			JdkClientHttpRequestFactory factory = builder.withHttpClientCustomizer(configured::set).build(settings);
			return new Jdk(Objects.requireNonNull(configured.get()), isCompressionEnabled(factory));
		}

		/**
		 * Return whether the customizers of the request factory have left its compression
		 * enabled. The factory has no getter. Its read timeout is not used, because each
		 * exchange has a time limit of its own.
		 */
		private static boolean isCompressionEnabled(JdkClientHttpRequestFactory factory) {
			Field compression = ReflectionUtils.findField(JdkClientHttpRequestFactory.class, "compression",
					boolean.class);
			if (compression == null) {
				return true;
			}
			ReflectionUtils.makeAccessible(compression);
			return !Boolean.FALSE.equals(ReflectionUtils.getField(compression, factory));
		}

	}

	private static final class Apache {

		/**
		 * Each call that waits on the server uses a connection, so that there must be
		 * enough for all threads of a web server.
		 */
		private static final int MAX_CONNECTIONS = 1000;

		static boolean isMadeBy(ClientHttpRequestFactoryBuilder<?> builder) {
			return builder instanceof HttpComponentsClientHttpRequestFactoryBuilder;
		}

		static HttpComponentsClientHttpRequestFactoryBuilder tuned(Duration maxIdleBeforeStart) {
			IdleConnectionLimits idleLimits = new IdleConnectionLimits(maxIdleBeforeStart);
			return ClientHttpRequestFactoryBuilder.httpComponents()
				.withHttpClientCustomizer(Apache::tune)
				.withHttpClientCustomizer((builder) -> builder.addExecInterceptorFirst("idleLimits", idleLimits))
				.withConnectionConfigCustomizer(idleLimits::customize)
				.withConnectionManagerCustomizer(Apache::tune)
				.withConnectionManagerCustomizer(idleLimits::customize);
		}

		/**
		 * A retry by the engine could pay for a job twice.
		 */
		private static void tune(HttpClientBuilder builder) {
			builder.disableAutomaticRetries().disableCookieManagement().disableRedirectHandling();
		}

		private static void tune(PoolingHttpClientConnectionManagerBuilder builder) {
			builder.setMaxConnPerRoute(MAX_CONNECTIONS).setMaxConnTotal(MAX_CONNECTIONS);
		}

	}

}
