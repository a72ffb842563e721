package io.aki.spring.boot.autoconfigure;

import java.lang.reflect.Field;
import java.net.http.HttpClient;
import java.util.List;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiEndpointList;
import io.aki.client.AkiJobState;
import io.aki.client.AkiKeyValidation;
import io.aki.client.AkiParameter;
import io.aki.client.AkiProgress;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.client.AkiToolCall;
import io.aki.client.AkiUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Registers what a native image needs for the client: resources, methods and types that
 * are found by their names, and the types that applications write as JSON. Spring Boot
 * registers the properties and beans.
 */
class AkiRuntimeHints implements RuntimeHintsRegistrar {

	static final List<Class<?>> JSON_TYPES = List.of(AkiBinary.class, AkiEndpointDetails.class, AkiEndpointList.class,
			AkiJobState.class, AkiKeyValidation.class, AkiParameter.class, AkiProgress.class, AkiProgressData.class,
			AkiProgressInfo.class, AkiResult.class, AkiToolCall.class, AkiUsage.class);

	private static final String SERIALIZER = "io.aki.client.ResponseViewSerializer";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(AkiClient.class.getPackageName().replace('.', '/') + "/version.txt");
		hints.resources().registerPattern("io/aki/spring/web/browser/*");
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(),
				JSON_TYPES.toArray(Class<?>[]::new));
		hints.reflection().registerTypeIfPresent(classLoader, SERIALIZER, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		Field connectTimeout = ReflectionUtils.findField(SimpleClientHttpRequestFactory.class, "connectTimeout");
		if (connectTimeout != null) {
			hints.reflection().registerField(connectTimeout);
		}
		Field compression = ReflectionUtils.findField(JdkClientHttpRequestFactory.class, "compression");
		if (compression != null) {
			hints.reflection().registerField(compression);
		}
		registerMethods(hints, HttpClient.class, "shutdown");
		registerMethods(hints, Thread.class, "ofVirtual");
	}

	private static void registerMethods(RuntimeHints hints, Class<?> type, String name) {
		ReflectionUtils.doWithMethods(type,
				(method) -> hints.reflection().registerMethod(method, ExecutableMode.INVOKE),
				(method) -> method.getName().equals(name));
	}

}
