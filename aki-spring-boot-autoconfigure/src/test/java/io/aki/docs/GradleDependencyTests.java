package io.aki.docs;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GradleDependency}.
 */
class GradleDependencyTests {

	@Test
	void bothLanguages() {
		String pom = """
				<dependencyManagement>
					<dependencies>
						<dependency>
							<groupId>com.example</groupId>
							<artifactId>bom</artifactId>
							<version>1.2</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
					</dependencies>
				</dependencyManagement>
				<dependencies>
					<dependency>
						<groupId>com.example</groupId>
						<artifactId>one</artifactId>
					</dependency>
					<dependency>
						<groupId>com.example</groupId>
						<artifactId>two</artifactId>
						<version>1.3</version>
						<scope>test</scope>
					</dependency>
				</dependencies>
				""";
		assertThat(GradleDependency.inBothLanguages(GradleDependency.ofMaven(pom))).isEqualTo("""
				Kotlin DSL, `build.gradle.kts`:

				```kts
				dependencies {
					implementation(platform("com.example:bom:1.2"))
					implementation("com.example:one")
					testImplementation("com.example:two:1.3")
				}
				```

				Groovy DSL, `build.gradle`:

				```groovy
				dependencies {
					implementation platform('com.example:bom:1.2')
					implementation 'com.example:one'
					testImplementation 'com.example:two:1.3'
				}
				```""");
	}

	@Test
	void otherTextHasNone() {
		assertThat(GradleDependency.ofMaven("<plugin><artifactId>x</artifactId></plugin>")).isEmpty();
	}

}
