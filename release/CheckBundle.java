import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Checks a bundle against the rules of Maven Central, and that it contains what the bill
 * of materials lists. Prints each artifact, and each problem. Exits with 1 if there is a
 * problem. Does not verify signatures: {@code check-bundle} does that with GnuPG.
 */
class CheckBundle {

	private static final List<String> REQUIRED = List.of("name", "description", "url", "licenses/license/name",
			"licenses/license/url", "developers/developer/name", "scm/connection", "scm/url");

	private static final List<String> FORBIDDEN = List.of("parent", "repositories", "pluginRepositories",
			"distributionManagement", "build", "profiles", "modules");

	private static final Map<String, String> CHECKSUMS = Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256",
			"sha512", "SHA-512");

	private final XPath xpath = XPathFactory.newInstance().newXPath();

	private final List<String> problems = new ArrayList<>();

	private final Map<String, Document> poms = new LinkedHashMap<>();

	private final Set<String> moduleNames = new HashSet<>();

	public static void main(String[] arguments) throws Exception {
		CheckBundle check = new CheckBundle();
		try (FileSystem bundle = FileSystems.newFileSystem(Path.of(arguments[0]))) {
			check.check(bundle.getPath("/"));
		}
		check.problems.forEach((problem) -> System.err.println("PROBLEM " + problem));
		System.out.println(check.poms.size() + " artifacts, " + check.problems.size() + " problems");
		System.exit(check.problems.isEmpty() ? 0 : 1);
	}

	private void check(Path root) throws Exception {
		List<Path> files;
		try (Stream<Path> walk = Files.walk(root)) {
			files = walk.filter(Files::isRegularFile).sorted().toList();
		}
		Set<Path> expected = new HashSet<>();
		for (Path file : files) {
			if (file.toString().endsWith(".pom")) {
				expected.addAll(checkArtifact(file));
			}
		}
		files.stream()
			.filter((file) -> !expected.contains(file))
			.filter((file) -> !CHECKSUMS.containsKey(extension(file)))
			.forEach((file) -> problem(file, "is not expected in the bundle"));
		for (Path file : files) {
			if (CHECKSUMS.containsKey(extension(file))) {
				checkChecksum(file);
			}
		}
		checkBom();
	}

	/** Checks the files of an artifact, and returns those that belong to it. */
	private Set<Path> checkArtifact(Path pom) throws Exception {
		Path directory = pom.getParent();
		String version = directory.getFileName().toString();
		String artifactId = directory.getParent().getFileName().toString();
		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(Files.readAllBytes(pom)));
		this.poms.put(artifactId, document);
		checkPom(pom, document, artifactId, version);

		String base = artifactId + "-" + version;
		Set<Path> files = new TreeSet<>(Set.of(directory.resolve(base + ".pom")));
		if (!text(document, "packaging").equals("pom")) {
			files.add(directory.resolve(base + ".jar"));
			files.add(directory.resolve(base + "-sources.jar"));
			files.add(directory.resolve(base + "-javadoc.jar"));
		}
		for (Path file : Set.copyOf(files)) {
			checkFile(file);
			files.add(sibling(file, "asc"));
		}
		Path jar = directory.resolve(base + ".jar");
		if (Files.exists(jar)) {
			checkJar(jar, artifactId);
		}
		System.out.println(artifactId + " " + version + ": " + files.size() + " files");
		return files;
	}

	private void checkFile(Path file) throws IOException {
		if (!Files.exists(file)) {
			problem(file, "is missing");
			return;
		}
		for (String extension : List.of("md5", "sha1")) {
			if (!Files.exists(sibling(file, extension))) {
				problem(file, "has no ." + extension);
			}
		}
		Path signature = sibling(file, "asc");
		if (!Files.exists(signature)) {
			problem(file, "has no signature");
		}
		else if (!Files.readString(signature).startsWith("-----BEGIN PGP SIGNATURE-----")) {
			problem(signature, "is no signature");
		}
	}

	private void checkChecksum(Path file) throws Exception {
		String name = file.getFileName().toString();
		Path target = file.resolveSibling(name.substring(0, name.lastIndexOf('.')));
		if (!Files.exists(target)) {
			problem(file, "belongs to no file");
			return;
		}
		byte[] digest = MessageDigest.getInstance(CHECKSUMS.get(extension(file))).digest(Files.readAllBytes(target));
		if (!Files.readString(file).strip().equalsIgnoreCase(HexFormat.of().formatHex(digest))) {
			problem(file, "is not the checksum of its file");
		}
	}

	private void checkJar(Path jar, String artifactId) throws IOException {
		Set<String> entries = new HashSet<>();
		Manifest manifest;
		try (JarInputStream input = new JarInputStream(Files.newInputStream(jar))) {
			manifest = input.getManifest();
			for (var entry = input.getNextEntry(); entry != null; entry = input.getNextEntry()) {
				entries.add(entry.getName());
			}
		}
		for (String entry : List.of("META-INF/LICENSE", "META-INF/sbom/" + artifactId + ".cdx.json")) {
			if (!entries.contains(entry)) {
				problem(jar, "does not contain " + entry);
			}
		}
		String moduleName = (manifest != null) ? manifest.getMainAttributes().getValue("Automatic-Module-Name") : null;
		if (moduleName == null) {
			problem(jar, "has no Automatic-Module-Name");
		}
		else if (!this.moduleNames.add(moduleName)) {
			problem(jar, "has the Automatic-Module-Name " + moduleName + " of another jar");
		}
	}

	private void checkPom(Path file, Document pom, String artifactId, String version) throws Exception {
		Path group = file.getRoot().relativize(file.getParent().getParent().getParent());
		checkEqual(file, "groupId", text(pom, "groupId"), group.toString().replace('/', '.'));
		checkEqual(file, "artifactId", text(pom, "artifactId"), artifactId);
		checkEqual(file, "version", text(pom, "version"), version);
		for (String element : REQUIRED) {
			if (text(pom, element).isBlank()) {
				problem(file, "has no " + element);
			}
		}
		for (String element : FORBIDDEN) {
			if (nodes(pom, "/project/" + element).size() > 0) {
				problem(file, "has the element " + element);
			}
		}
		String source = Files.readString(file, StandardCharsets.UTF_8);
		int placeholder = source.indexOf("${");
		if (placeholder >= 0) {
			int end = source.indexOf('}', placeholder) + 1;
			problem(file, "has the unresolved " + ((end > 0) ? source.substring(placeholder, end) : "${"));
		}
		if (source.contains("-SNAPSHOT")) {
			problem(file, "names a SNAPSHOT version");
		}
		boolean imports = !nodes(pom, "/project/dependencyManagement//dependency[scope = 'import']").isEmpty();
		for (Node dependency : nodes(pom, "//dependency")) {
			String name = text(dependency, "groupId") + ":" + text(dependency, "artifactId");
			if (text(dependency, "version").isBlank() && !imports) {
				problem(file, "has no version of " + name);
			}
			if (text(dependency, "scope").matches("system|test")) {
				problem(file, "has " + name + " in the scope " + text(dependency, "scope"));
			}
		}
	}

	/** The bill of materials lists the other artifacts of the bundle, and nothing else. */
	private void checkBom() throws Exception {
		Set<String> listed = new TreeSet<>();
		Set<String> boms = new TreeSet<>();
		for (Map.Entry<String, Document> pom : this.poms.entrySet()) {
			List<Node> managed = nodes(pom.getValue(), "/project/dependencyManagement/dependencies/dependency");
			if (!managed.isEmpty()) {
				boms.add(pom.getKey());
			}
			for (Node dependency : managed) {
				listed.add(text(dependency, "artifactId"));
				if (!text(dependency, "version").equals(text(pom.getValue(), "version"))) {
					this.problems.add(pom.getKey() + " lists another version of " + text(dependency, "artifactId"));
				}
			}
		}
		Set<String> found = new TreeSet<>(this.poms.keySet());
		found.removeAll(boms);
		if (boms.size() != 1) {
			this.problems.add("There must be one bill of materials, but there are " + boms);
		}
		if (!found.equals(listed)) {
			this.problems.add("The bill of materials lists " + listed + ", but the bundle contains " + found);
		}
	}

	private void checkEqual(Path file, String name, String actual, String expected) {
		if (!actual.equals(expected)) {
			problem(file, "has the " + name + " '" + actual + "' instead of '" + expected + "'");
		}
	}

	private String text(Document pom, String element) throws XPathExpressionException {
		return this.xpath.evaluate("/project/" + element, pom).strip();
	}

	private String text(Node node, String element) throws XPathExpressionException {
		return this.xpath.evaluate(element, node).strip();
	}

	private List<Node> nodes(Document pom, String expression) throws XPathExpressionException {
		NodeList nodes = (NodeList) this.xpath.evaluate(expression, pom, XPathConstants.NODESET);
		return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).collect(Collectors.toList());
	}

	private static Path sibling(Path file, String extension) {
		return file.resolveSibling(file.getFileName() + "." + extension);
	}

	private static String extension(Path file) {
		String name = file.getFileName().toString();
		return name.substring(name.lastIndexOf('.') + 1);
	}

	private void problem(Path file, String text) {
		this.problems.add(file.getFileName() + " " + text);
	}

}
