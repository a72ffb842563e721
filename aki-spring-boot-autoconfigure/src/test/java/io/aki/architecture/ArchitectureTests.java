package io.aki.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.aki.client.AkiClient;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the allowed dependencies between our packages, and Spring Boot's rules for
 * auto-configuration classes.
 */
class ArchitectureTests {

	private static final String IMPORTS = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

	private static final String CLIENT = "io.aki.client..";

	private static final String HTTP = "io.aki.client.http";

	private static final String JSON = "io.aki.client.json";

	private static final String WEB = "io.aki.spring.web";

	private static final String AUTO_CONFIGURATION = "io.aki.spring.boot.autoconfigure..";

	private static final JavaClasses OURS = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.aki.client", WEB, "io.aki.spring.boot.autoconfigure");

	@Test
	void clientKnowsNothingOfSpringBoot() {
		check(noClasses().that()
			.resideInAPackage(CLIENT)
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot.."));
	}

	@Test
	void clientKnowsNothingOfItsAutoConfiguration() {
		check(noClasses().that()
			.resideInAPackage(CLIENT)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(AUTO_CONFIGURATION));
	}

	@Test
	void clientUsesSpringWebAndJacksonAlone() {
		check(classes().that()
			.resideInAPackage("io.aki.client")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "io.aki.client", HTTP, JSON, "io.micrometer.common..",
					"io.micrometer.observation..", "org.jspecify..", "org.apache.commons.logging", "tools.jackson..",
					"com.fasterxml.jackson.annotation", "com.sun.management", "org.springframework.beans.factory",
					"org.springframework.core..", "org.springframework.http..", "org.springframework.lang",
					"org.springframework.util..", "org.springframework.web.."));
	}

	@Test
	void httpKnowsNoOtherPackageOfOurs() {
		check(classes().that()
			.resideInAPackage(HTTP)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "javax.net..", HTTP, "org.jspecify..", "org.apache.commons.logging",
					"org.apache.hc..", "org.springframework.beans.factory", "org.springframework.http..",
					"org.springframework.util.."));
	}

	@Test
	void jsonKnowsNoOtherPackageOfOurs() {
		check(classes().that()
			.resideInAPackage(JSON)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", JSON, "org.jspecify..", "tools.jackson..", "org.springframework.core..",
					"org.springframework.util..", "org.springframework.web.multipart"));
	}

	@Test
	void onlyHttpKnowsTheJdksHttpClient() {
		check(noClasses().that()
			.resideInAnyPackage("io.aki.client", JSON)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.net.http", "org.apache.hc.."));
	}

	@Test
	void clientKnowsNothingOfTheWebSupport() {
		check(noClasses().that().resideInAPackage(CLIENT).should().dependOnClassesThat().resideInAPackage(WEB));
	}

	@Test
	void webSupportUsesThePublicClientAndSpringWebAlone() {
		check(classes().that()
			.resideInAPackage(WEB)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "javax.crypto..", WEB, "io.aki.client", "org.jspecify..",
					"org.apache.commons.logging", "jakarta.servlet..", "reactor..", "org.reactivestreams..",
					"tools.jackson..", "org.springframework.beans.factory", "org.springframework.context",
					"org.springframework.core..", "org.springframework.http..",
					"org.springframework.scheduling.concurrent", "org.springframework.util..",
					"org.springframework.web.."));
	}

	@Test
	void emulatorKnowsNothingOfTheClient() {
		noClasses().that()
			.resideInAPackage("io.aki.spring.boot.test..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(CLIENT, WEB, AUTO_CONFIGURATION)
			.check(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
				.importPackages("io.aki.spring.boot.test"));
	}

	@Test
	void nothingDependsOnTheEmulator() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("io.aki.spring.boot.test.."));
	}

	@Test
	void packagesHaveNoCycles() {
		SlicesRuleDefinition.slices().matching("io.aki.(**)").should().beFreeOfCycles().check(OURS);
	}

	@Test
	void everyPackageIsNullMarked() {
		List<JavaPackage> packages = OURS.stream().map(JavaClass::getPackage).distinct().toList();
		assertThat(packages).hasSizeGreaterThanOrEqualTo(2)
			.allSatisfy((each) -> assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue());
	}

	@Test
	void autoConfigurationsArePublicAndFinal() {
		check(classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL));
	}

	@Test
	void configurationsHaveNoPublicMembers() {
		check(methods().that().areDeclaredInClassesThat(areConfigurations()).should().notBePublic());
		check(constructors().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.notBePublic());
		fields().that()
			.areDeclaredInClassesThat(areConfigurations())
			.should()
			.notBePublic()
			.allowEmptyShould(true)
			.check(OURS);
	}

	@Test
	void nestedConfigurationsArePackagePrivateAndDoNotProxy() {
		check(classes().that()
			.areAnnotatedWith(Configuration.class)
			.and()
			.areNestedClasses()
			.should()
			.bePackagePrivate()
			.andShould(haveAnnotationValue(Configuration.class, "proxyBeanMethods", false)));
	}

	@Test
	void beanMethodsArePackagePrivate() {
		check(methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate());
	}

	@Test
	void beanMethodsReturnNoPrivateTypes() {
		check(methods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.haveRawReturnType(DescribedPredicate.not(isPrivate())));
	}

	@Test
	void beanMethodsAreNotConditionalOnClasses() {
		check(noMethods().that().areAnnotatedWith(Bean.class).should().beAnnotatedWith(ConditionalOnClass.class));
	}

	@Test
	void conditionsOnMissingBeansDoNotRepeatTheReturnType() {
		check(methods().that().areAnnotatedWith(ConditionalOnMissingBean.class).should(notRepeatTheReturnType()));
	}

	@Test
	void postProcessorsAndBindingsAreStatic() {
		check(methods().that(areEarlyBeans()).should().beStatic());
	}

	@Test
	void autoConfigurationsAreRegistered() throws IOException {
		assertThat(registered()).isEqualTo(OURS.stream()
			.filter((each) -> each.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.sorted()
			.toList());
	}

	@Test
	void casesAreChangedWithALocale() {
		check(noClasses().should()
			.callMethod(String.class, "toLowerCase")
			.orShould()
			.callMethod(String.class, "toUpperCase"));
	}

	@Test
	void streamsAreCollectedToImmutableLists() {
		check(noClasses().should().callMethod(Collectors.class, "toList"));
	}

	@Test
	void rulesFindWhatTheyForbid() {
		JavaClasses bad = new ClassFileImporter().importClasses(Bad.class, Bad.Secret.class);
		assertThat(List.<ArchRule>of(
				methods().that()
					.areAnnotatedWith(Bean.class)
					.should()
					.haveRawReturnType(DescribedPredicate.not(isPrivate())),
				methods().that().areAnnotatedWith(ConditionalOnMissingBean.class).should(notRepeatTheReturnType()),
				methods().that(areEarlyBeans()).should().beStatic(),
				methods().that().areDeclaredInClassesThat(areConfigurations()).should().notBePublic(),
				classes().that()
					.areAnnotatedWith(Configuration.class)
					.should(haveAnnotationValue(Configuration.class, "proxyBeanMethods", false)),
				noClasses().should().callMethod(String.class, "toLowerCase")))
			.allSatisfy((rule) -> assertThat(rule.evaluate(bad).hasViolation()).as(rule.getDescription()).isTrue());
	}

	private static void check(ArchRule rule) {
		rule.check(OURS);
	}

	private static List<String> registered() throws IOException {
		try (InputStream stream = AkiClient.class.getClassLoader().getResourceAsStream(IMPORTS)) {
			String text = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
			return text.lines().filter((line) -> line.startsWith("io.aki.")).toList();
		}
	}

	private static DescribedPredicate<JavaClass> areConfigurations() {
		return DescribedPredicate.describe("are configurations",
				(each) -> each.isMetaAnnotatedWith(Configuration.class));
	}

	private static DescribedPredicate<JavaClass> isPrivate() {
		return DescribedPredicate.describe("a private type",
				(each) -> each.getModifiers().contains(JavaModifier.PRIVATE));
	}

	private static DescribedPredicate<CanBeAnnotated> areEarlyBeans() {
		return DescribedPredicate.describe("are post-processors or bindings",
				(each) -> each instanceof JavaMethod method && method.isAnnotatedWith(Bean.class)
						&& (method.isAnnotatedWith(ConfigurationPropertiesBinding.class)
								|| method.getRawReturnType().isAssignableTo(BeanPostProcessor.class)
								|| method.getRawReturnType().isAssignableTo(BeanFactoryPostProcessor.class)));
	}

	private static ArchCondition<JavaMethod> notRepeatTheReturnType() {
		return new ArchCondition<>("not repeat the return type") {

			@Override
			public void check(JavaMethod method, ConditionEvents events) {
				ConditionalOnMissingBean condition = method.getAnnotationOfType(ConditionalOnMissingBean.class);
				boolean repeated = Arrays.stream(condition.value())
					.anyMatch((type) -> method.getRawReturnType().isEquivalentTo(type));
				events.add(new SimpleConditionEvent(method, !repeated, method.getFullName()));
			}

		};
	}

	private static ArchCondition<JavaClass> haveAnnotationValue(Class<? extends Annotation> type, String attribute,
			Object value) {
		return new ArchCondition<>("have " + attribute + " = " + value) {

			@Override
			public void check(JavaClass each, ConditionEvents events) {
				JavaAnnotation<?> annotation = each.getAnnotationOfType(type.getName());
				events.add(new SimpleConditionEvent(each, value.equals(annotation.get(attribute).orElse(null)),
						each.getName()));
			}

		};
	}

	@Configuration
	static class Bad {

		@Bean
		@ConfigurationPropertiesBinding
		@ConditionalOnMissingBean(String.class)
		public String text() {
			return "TEXT".toLowerCase(Locale.ROOT).toLowerCase();
		}

		@Bean
		private Secret secret() {
			return new Secret();
		}

		private static final class Secret {

		}

	}

}
