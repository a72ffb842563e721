// Checks that each link of the generated site leads to a file and to an id in it.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const site = process.argv[2];
const base = process.env.SITE_BASE ?? "/";
const ids = new Map();

function htmlFiles(directory) {
	return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
		const path = join(directory, entry.name);
		return entry.isDirectory() ? htmlFiles(path) : entry.name.endsWith(".html") ? [path] : [];
	});
}

function idsOf(file) {
	if (!ids.has(file)) {
		ids.set(file, new Set([...readFileSync(file, "utf8").matchAll(/ (?:id|name)="([^"]+)"/g)].map((id) => id[1])));
	}
	return ids.get(file);
}

function problem(file, link) {
	const page = new URL(base + file.slice(site.length + 1), "http://site");
	const target = new URL(link.replaceAll("&amp;", "&"), page);
	if (target.origin !== page.origin) {
		return /^(https:|mailto:|data:|http:\/\/127\.0\.0\.1)/.test(target.href) ? null : "is not https";
	}
	if (!target.pathname.startsWith(base)) {
		return "leaves the site";
	}
	let path = join(site, decodeURIComponent(target.pathname.slice(base.length)));
	if (existsSync(path) && statSync(path).isDirectory()) {
		path = join(path, "index.html");
	}
	if (!existsSync(path)) {
		return "leads to no file";
	}
	const id = decodeURIComponent(target.hash.slice(1));
	return (id === "" || idsOf(path).has(id)) ? null : "leads to no id";
}

let links = 0;
const problems = [];
for (const file of htmlFiles(site)) {
	for (const [, link] of readFileSync(file, "utf8").matchAll(/ (?:href|src)="([^"]+)"/g)) {
		links++;
		const found = problem(file, link);
		if (found) {
			problems.push(`${file.slice(site.length + 1)}: ${link} ${found}`);
		}
	}
}
if (problems.length > 0) {
	console.error(problems.join("\n"));
	process.exit(1);
}
console.log(`${links} links are good`);
