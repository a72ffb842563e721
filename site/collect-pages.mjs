// Copies the Markdown pages of the repository, and what they link to, into a directory.
// A README.md becomes an index.md. A linked source file becomes a page that shows it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, posix, relative, sep } from "node:path";
import { readOutline } from "./outline.mjs";

const [root, output] = process.argv.slice(2);
const IMAGES = new Set([".png", ".svg", ".jpg"]);
const CODE = /(^```.*?^```$|`[^`\n]+`)/ms;
const LINK = /(\]\()([^()\s#]+)((?:#[^()\s]*)?\))/g;
const LANGUAGES = { ".java": "java", ".kt": "kotlin", ".js": "js", ".xml": "xml", ".sql": "sql", ".sh": "sh" };

function markdownFiles(directory, deep) {
	return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
		const path = posix.join(directory, entry.name);
		if (entry.isDirectory()) {
			return deep ? markdownFiles(path, true) : [];
		}
		return entry.name.endsWith(".md") ? [path] : [];
	});
}

function pageOf(path) {
	return path.replace(/(^|\/)README\.md$/, "$1index.md");
}

function write(path, text) {
	const file = join(output, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

function sourcePage(path) {
	const language = LANGUAGES[extname(path)] ?? "txt";
	const page = posix.join("source", path + ".md");
	const text = readFileSync(join(root, path), "utf8");
	write(page, `---\nsearch: false\noutline: false\n---\n\n# ${posix.basename(path)}\n\n\`${path}\`\n\n`
		+ `\`\`\`\`${language}\n${text}\n\`\`\`\`\n`);
	return page;
}

const modules = readdirSync(root).filter((name) => existsSync(join(root, name, "pom.xml")));
const pages = new Set([...markdownFiles(".", false), ...markdownFiles("docs", true),
	...modules.flatMap((module) => markdownFiles(module, false))].map((path) => posix.normalize(path)));

/** Returns the link for the site, relative to the page. */
function rewrite(page, target) {
	const path = posix.join(posix.dirname(page), target);
	if (path.startsWith("..") || !existsSync(join(root, path)) || statSync(join(root, path)).isDirectory()) {
		throw new Error(`${page}: there is no file '${target}'`);
	}
	let destination = path;
	if (pages.has(path)) {
		destination = pageOf(path);
	}
	else if (IMAGES.has(extname(path))) {
		mkdirSync(dirname(join(output, path)), { recursive: true });
		copyFileSync(join(root, path), join(output, path));
	}
	else {
		destination = sourcePage(path);
	}
	const link = relative(dirname(join(output, pageOf(page))), join(output, destination)).split(sep).join("/");
	return link.startsWith(".") ? link : "./" + link;
}

for (const page of pages) {
	const text = readFileSync(join(root, page), "utf8")
		.split(CODE)
		.map((part, index) => (index % 2 === 1) ? part : part.replace(LINK, (link, before, target, after) =>
			/^[a-z]+:/.test(target) ? link : before + rewrite(page, target) + after))
		.join("");
	write(pageOf(page), text);
}

const listed = new Set(readOutline(join(root, "docs/README.md"))
	.flatMap((group) => group.items)
	.map((item) => posix.join("docs", item.file)));
const unlisted = [...pages].filter((page) => page.startsWith("docs/") && page !== "docs/README.md" && !listed.has(page));
if (unlisted.length > 0) {
	throw new Error(`docs/README.md does not list ${unlisted.join(", ")}`);
}
console.log(`${pages.size} pages`);
