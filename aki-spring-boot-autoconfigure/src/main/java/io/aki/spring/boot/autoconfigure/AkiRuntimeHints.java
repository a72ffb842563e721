package io.aki.spring.boot.autoconfigure;

import java.net.http.HttpClient;
import java.util.List;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiEndpointList;
import io.aki.client.AkiJobState;
import io.aki.client.AkiKeyValidation;
import io.aki.client.AkiProgress;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.DecoratingProxy;
import org.springframework.util.ReflectionUtils;

/**
 * What of the client a native image must be told of: what is found by its name, and the
 * types that applications write as JSON. Properties and beans are Spring Boot's business.
 */
class AkiRuntimeHints implements RuntimeHintsRegistrar {

	static final List<Class<?>> JSON_TYPES = List.of(AkiBinary.class, AkiEndpointDetails.class, AkiEndpointList.class,
			AkiJobState.class, AkiKeyValidation.class, AkiProgress.class, AkiProgressData.class, AkiProgressInfo.class,
			AkiResult.class);

	private static final String SERIALIZER = "io.aki.client.ResponseViewSerializer";

	private static final String APACHES_BODY = "org.apache.hc.core5.http.io.EofSensorInputStream";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(AkiClient.class.getPackageName().replace('.', '/') + "/version.txt");
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(),
				JSON_TYPES.toArray(Class<?>[]::new));
		hints.reflection()
			.registerTypeIfPresent(classLoader, SERIALIZER, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
			.registerTypeIfPresent(classLoader, APACHES_BODY, MemberCategory.INVOKE_PUBLIC_METHODS);
		registerMethods(hints, HttpClient.class, "shutdown");
		registerMethods(hints, Thread.class, "ofVirtual");
		registerAsyncClient(hints);
	}

	private static void registerMethods(RuntimeHints hints, Class<?> type, String name) {
		ReflectionUtils.doWithMethods(type,
				(method) -> hints.reflection().registerMethod(method, ExecutableMode.INVOKE),
				(method) -> method.getName().equals(name));
	}

	/**
	 * The proxy is made where the bean is, so that Spring's processing does not see it.
	 */
	private static void registerAsyncClient(RuntimeHints hints) {
		hints.proxies().registerJdkProxy(AkiAsyncClient.class, SpringProxy.class, DecoratingProxy.class);
		hints.reflection()
			.registerType(AkiAsyncClient.class, MemberCategory.INVOKE_PUBLIC_METHODS)
			.registerType(DefaultAkiAsyncClient.class, MemberCategory.INVOKE_PUBLIC_METHODS);
	}

}
