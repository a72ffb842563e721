package io.aki.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Tests what the classes of the durable tasks depend on.
 */
class TasksArchitectureTests {

	private static final String SCHEDULER = "com.github.kagkarlsson..";

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.aki.spring.boot.tasks");

	@Test
	void onlyTheExecutionKnowsDbScheduler() {
		noClasses().that()
			.doNotHaveSimpleName("TaskExecution")
			.and()
			.doNotHaveSimpleName("DatabaseClock")
			.and()
			.doNotHaveSimpleName("AkiTasksAutoConfiguration")
			.and()
			.haveNameNotMatching(".*TaskExecution\\$\\d+")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(SCHEDULER)
			.check(this.classes);
	}

	@Test
	void onlyTheBroadcastKnowsPostgresql() {
		noClasses().that()
			.doNotHaveSimpleName("PostgresBroadcast")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.postgresql..")
			.check(this.classes);
	}

	@Test
	void onlyTheApiIsPublic() {
		classes().that()
			.arePublic()
			.and()
			.areTopLevelClasses()
			.should()
			.haveSimpleNameStartingWith("Aki")
			.check(this.classes);
	}

	@Test
	void theClientIsUsedThroughItsApi() {
		noClasses().that()
			.doNotHaveSimpleName("TaskJson")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.aki.client.http..", "io.aki.client.json..", "io.aki.spring.web..")
			.check(this.classes);
	}

}
