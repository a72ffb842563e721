package io.aki.spring.boot.autoconfigure;

import java.util.Objects;

import io.aki.client.AkiClient;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import org.springframework.http.client.observation.ClientRequestObservationConvention;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;
import org.springframework.util.StringUtils;
import org.springframework.web.client.RestClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link AkiClient}.
 *
 * @since 1.0.0
 */
@AutoConfiguration(after = RestClientAutoConfiguration.class)
@ConditionalOnClass({ RestClient.class, RestClientCustomizer.class, ClientHttpRequestFactoryBuilder.class })
@ConditionalOnBooleanProperty(name = "aki.io.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AkiProperties.class)
public final class AkiAutoConfiguration {

	private static final String OBSERVATION_NAME_PROPERTY = "management.observations.http.client.requests.name";

	private static final String OBSERVATION_NAME = "http.client.requests";

	AkiAutoConfiguration() {
	}

	@Bean
	@ConfigurationPropertiesBinding
	static SecondsDurationConverter akiSecondsDurationConverter() {
		return new SecondsDurationConverter();
	}

	@Bean
	AkiHttpEngine akiHttpEngine(ConfigurableListableBeanFactory beanFactory, AkiProperties properties,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilder,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> requestFactoryBuilderCustomizers,
			ObjectProvider<HttpClientSettings> httpClientSettings, ObjectProvider<SslBundles> sslBundles,
			Environment environment) {
		return new AkiHttpEngine(beanFactory, properties, requestFactoryBuilder, requestFactoryBuilderCustomizers,
				httpClientSettings, sslBundles, environment);
	}

	@Bean
	@ConditionalOnMissingBean(AkiConnectionDetails.class)
	PropertiesAkiConnectionDetails akiConnectionDetails(AkiProperties properties, Environment environment) {
		return new PropertiesAkiConnectionDetails(properties, environment);
	}

	@Bean
	@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
	@ConditionalOnMissingBean
	AkiClient.Builder akiClientBuilder(AkiProperties properties, AkiConnectionDetails connectionDetails,
			AkiHttpEngine httpEngine, ObjectProvider<TaskDecorator> taskDecorators,
			ObjectProvider<RestClientCustomizer> restClientCustomizers,
			ObjectProvider<ClientRequestObservationConvention> observationConvention,
			ObjectProvider<AkiClientCustomizer> customizers, Environment environment) {
		RestClient.Builder restClientBuilder = RestClient.builder().requestFactory(httpEngine.requestFactory());
		restClientCustomizers.orderedStream().forEach((customizer) -> customizer.customize(restClientBuilder));
		restClientBuilder.observationConvention(new KeyMaskingObservationConvention(
				observationConvention.getIfAvailable(() -> new DefaultClientRequestObservationConvention(
						environment.getProperty(OBSERVATION_NAME_PROPERTY, OBSERVATION_NAME)))));
		AkiClient.Builder builder = AkiClient.builder().restClientBuilder(restClientBuilder);
		configure(builder, properties, connectionDetails, environment);
		TaskDecorator taskDecorator = AkiTaskDecorators.of(taskDecorators);
		if (taskDecorator != null) {
			builder.taskDecorator(taskDecorator);
		}
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder;
	}

	static void configure(AkiClient.Builder builder, AkiProperties properties, AkiConnectionDetails connectionDetails,
			Environment environment) {
		applyProperties(builder, properties, environment);
		apply(builder, connectionDetails);
	}

	private static void applyProperties(AkiClient.Builder builder, AkiProperties properties, Environment environment) {
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::getEndpoint).when(StringUtils::hasText).to(builder::endpoint);
		builder.outputBinaryFormat(properties.getOutputBinaryFormat())
			.raiseExceptions(properties.isRaiseExceptions())
			.progressInterval(properties.getProgressInterval())
			.returnToolCallDict(properties.isReturnToolCallDict())
			.readTimeout(properties.getReadTimeout())
			.progressTimeout(properties.getProgressTimeout())
			.jobTimeout(properties.getJobTimeout())
			.cancelTimeout(properties.getCancelTimeout())
			.outageTimeout(properties.getOutageTimeout())
			.cancelOnClose(properties.isCancelOnClose())
			.retry(properties.getRetry().toPolicy())
			.concurrency(properties.getConcurrency().toConcurrency(Threading.VIRTUAL.isActive(environment)))
			.maxResponseSize(properties.getMaxResponseSize())
			.requestLogging(properties.getLogging().getRequests());
	}

	private static void apply(AkiClient.Builder builder, AkiConnectionDetails connectionDetails) {
		builder.apiServer(connectionDetails.getApiServer());
		if (connectionDetails instanceof PropertiesAkiConnectionDetails) {
			String key = connectionDetails.getApiKey();
			if (StringUtils.hasText(key)) {
				// an invalid key ends the start instead of the first call
				builder.apiKey(key);
			}
		}
		builder.apiKey(() -> Objects.requireNonNullElse(connectionDetails.getApiKey(), ""),
				connectionDetails::getApiKeySource);
	}

	@Bean
	@ConditionalOnMissingBean
	AkiClient akiClient(AkiClient.Builder akiClientBuilder) {
		return akiClientBuilder.build();
	}

	/**
	 * Warns of the property of a module that is missing.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("aki.io.emulator.enabled")
	@ConditionalOnMissingClass("io.aki.spring.boot.test.AkiEmulator")
	static class MissingEmulatorConfiguration {

		MissingEmulatorConfiguration() {
			LogFactory.getLog(AkiAutoConfiguration.class)
				.warn("'aki.io.emulator.enabled' is true, but there is no emulator: add the dependency"
						+ " 'io.aki:aki-spring-boot-test' (in the scope 'test', only tests have it)."
						+ " Requests go to the server of 'aki.io.api-server'");
		}

	}

	@Bean
	@ConditionalOnBooleanProperty("aki.io.validate-key-on-startup")
	AkiKeyStartupCheck akiKeyStartupCheck(AkiClient akiClient, AkiProperties properties) {
		return new AkiKeyStartupCheck(akiClient, properties.getEndpoint());
	}

}
