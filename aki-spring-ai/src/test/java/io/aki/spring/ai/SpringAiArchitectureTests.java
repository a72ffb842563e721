package io.aki.spring.ai;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class SpringAiArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.aki");

	@Test
	void theModelsDoNotKnowSpringBoot() {
		noClasses().that()
			.resideInAPackage("io.aki.spring.ai")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "io.aki.spring.boot..",
					"io.aki.spring.ai.autoconfigure..")
			.check(classes);
	}

	@Test
	void theModuleUsesPublicPackagesOfTheClientOnly() {
		noClasses().that()
			.resideInAPackage("io.aki.spring.ai..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.aki.client.http..", "io.aki.client.json..")
			.check(classes);
	}

	@Test
	void nothingElseKnowsSpringAi() {
		noClasses().that()
			.resideOutsideOfPackage("io.aki.spring.ai..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.ai..", "io.aki.spring.ai..")
			.check(classes);
	}

	@Test
	void noPaidRequestIsRepeatedByRetryTemplates() {
		noClasses().that()
			.resideInAPackage("io.aki.spring.ai..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.core.retry..", "org.springframework.retry..",
					"org.springframework.ai.retry..")
			.check(classes);
	}

}
