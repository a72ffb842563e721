package io.aki.spring.boot.autoconfigure;

import java.net.http.HttpClient;
import java.util.Arrays;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.aki.client.AkiConcurrency;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResponse;
import io.aki.client.AkiRetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AkiRuntimeHints}.
 */
class AkiRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	AkiRuntimeHintsTests() {
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.aki"))
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	@Test
	void versionIsRead() {
		assertThat(RuntimeHintsPredicates.resource().forResource("io/aki/client/version.txt")).accepts(this.hints);
	}

	@Test
	void moduleForBrowsersIsServed() {
		assertThat(RuntimeHintsPredicates.resource().forResource("io/aki/spring/web/browser/event-stream.js"))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("io/aki/spring/web/browser/event-stream.d.ts"))
			.accepts(this.hints);
	}

	@Test
	void responsesAndTheirValuesCanBeWrittenAsJson() {
		assertThat(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages("io.aki.client")
			.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> type.isAssignableTo(AkiResponse.class) || isValue(type))
			.filter((type) -> !type.isInterface())
			.map(JavaClass::reflect)
			.toList()).hasSizeGreaterThan(3)
			.allSatisfy((type) -> assertThat(AkiRuntimeHints.JSON_TYPES).contains(type));
		assertThat(AkiRuntimeHints.JSON_TYPES)
			.allSatisfy((type) -> assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(this.hints));
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(TypeReference.of("io.aki.client.ResponseViewSerializer"))
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(AkiProgressInfo.class, "queuePosition"))
			.accepts(this.hints);
	}

	private static boolean isValue(JavaClass type) {
		return type.isRecord() && type.getPackageName().equals("io.aki.client")
				&& !type.isEquivalentTo(AkiConcurrency.class) && !type.isEquivalentTo(AkiRetryPolicy.class);
	}

	@Test
	void enginesAreEndedByMethodsThatAreLookedUp() {
		Arrays.stream(HttpClient.class.getMethods())
			.filter((method) -> method.getName().equals("shutdown"))
			.forEach((method) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
				.accepts(this.hints));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsAreLookedUp() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Thread.class.getMethod("ofVirtual")))
			.accepts(this.hints);
	}

	@Test
	void compressionOfTheJdksFactoryIsReadable() {
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(JdkClientHttpRequestFactory.class, "compression"))
			.accepts(this.hints);
	}

	@Test
	void connectTimeoutOfSimpleFactoryIsReadable() {
		assertThat(RuntimeHintsPredicates.reflection()
			.onFieldAccess(SimpleClientHttpRequestFactory.class, "connectTimeout")).accepts(this.hints);
	}

	/**
	 * The annotations of Spring Boot register these hints if the endpoint is a bean.
	 */
	@Test
	void actuatorEndpointIsWrittenAsJson() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, AkiActuatorEndpoint.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(AkiActuatorEndpoint.class, "endpoints"))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(AkiActuatorEndpoint.AkiDescriptor.class, "endpoints")).accepts(hints);
	}

	@Test
	void emulatorMakesABeanByItsName() {
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(PropertiesAkiConnectionDetails.class.getDeclaredConstructors()[0]))
			.accepts(this.hints);
	}

	@Test
	void emulatorReadsItsPropertiesAndEndpoints() throws Exception {
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(
					Class.forName("io.aki.spring.boot.test.EmulatorProperties").getDeclaredConstructors()[0]))
			.accepts(this.hints);
		assertThat(
				RuntimeHintsPredicates.resource().forResource("io/aki/spring/boot/test/endpoints/llama3_8b_chat.json"))
			.accepts(this.hints);
	}

}
