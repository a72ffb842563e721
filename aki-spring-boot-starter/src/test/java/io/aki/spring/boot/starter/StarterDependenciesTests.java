package io.aki.spring.boot.starter;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the starter adds to an application.
 */
class StarterDependenciesTests {

	private static final Set<String> TEST_LIBRARIES = Set.of("apiguardian-api", "assertj-core", "byte-buddy",
			"junit-jupiter", "junit-jupiter-api", "junit-jupiter-engine", "junit-jupiter-params",
			"junit-platform-commons", "junit-platform-engine", "junit-platform-launcher", "opentest4j");

	private static final Pattern VERSIONED_JAR = Pattern.compile("(.+?)-\\d[^/]*\\.jar");

	@Test
	void dependenciesAreBootsRestClientStarterAndOurAutoConfigurationAlone() throws Exception {
		Document pom = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(Path.of(System.getProperty("basedir", ""), "pom.xml").toFile());
		XPath xpath = XPathFactory.newInstance().newXPath();
		NodeList dependencies = (NodeList) xpath.evaluate("/project/dependencies/dependency[not(scope = 'test')]", pom,
				XPathConstants.NODESET);
		List<String> found = IntStream.range(0, dependencies.getLength())
			.mapToObj(dependencies::item)
			.map(StarterDependenciesTests::children)
			.toList();
		assertThat(found).containsExactlyInAnyOrder(
				"groupId=org.springframework.boot artifactId=spring-boot-starter-restclient",
				"groupId=io.aki artifactId=aki-spring-boot-autoconfigure version=${project.version}");
	}

	@Test
	void classPathOfAnApplicationIsThatOfTheRestClientStarterAndOurAutoConfiguration() {
		assertThat(libraries()).containsExactlyInAnyOrder("aki-spring-boot-autoconfigure",
				"spring-boot-starter-restclient", "spring-boot-starter", "spring-boot-starter-logging",
				"spring-boot-starter-jackson", "spring-boot", "spring-boot-autoconfigure", "spring-boot-http-client",
				"spring-boot-http-converter", "spring-boot-jackson", "spring-boot-restclient", "spring-aop",
				"spring-beans", "spring-context", "spring-core", "spring-expression", "spring-web",
				"micrometer-commons", "micrometer-observation", "jackson-annotations", "jackson-core",
				"jackson-databind", "commons-logging", "jspecify", "jakarta.annotation-api", "snakeyaml", "slf4j-api",
				"logback-classic", "logback-core", "jul-to-slf4j", "log4j-api", "log4j-to-slf4j");
	}

	private static Set<String> libraries() {
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		return Stream.of(classPath.split(Pattern.quote(File.pathSeparator)))
			.map((entry) -> Path.of(entry))
			.filter((entry) -> !entry.endsWith("test-classes"))
			.map(StarterDependenciesTests::name)
			.filter((name) -> !TEST_LIBRARIES.contains(name) && !name.startsWith("surefire"))
			.filter((name) -> !name.equals("aki-spring-boot-starter"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Returns the artifact's name, also of a module of the same build, whose classes may
	 * stand in a directory.
	 */
	private static String name(Path entry) {
		if (entry.endsWith(Path.of("target", "classes"))) {
			return entry.getParent().getParent().getFileName().toString();
		}
		String file = entry.getFileName().toString();
		var matcher = VERSIONED_JAR.matcher(file);
		return matcher.matches() ? matcher.group(1) : file;
	}

	private static String children(Node dependency) {
		NodeList children = dependency.getChildNodes();
		return IntStream.range(0, children.getLength())
			.mapToObj(children::item)
			.filter((child) -> child.getNodeType() == Node.ELEMENT_NODE)
			.map((child) -> child.getNodeName() + "=" + child.getTextContent().strip())
			.collect(Collectors.joining(" "));
	}

}
