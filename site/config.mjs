import { fileURLToPath } from "node:url";
import { posix } from "node:path";
import { defineConfig } from "vitepress";
import { anchorOf, readOutline } from "./outline.mjs";

const pages = fileURLToPath(new URL("..", import.meta.url));

function link(file) {
	return "/" + posix.join("docs", file).replace(/\.md$/, "").replace(/(^|\/)index$/, "$1");
}

const outline = readOutline(posix.join(pages, "docs/index.md"));

export default defineConfig({
	lang: "en",
	title: "AKI.IO for Spring Boot",
	description: "The Java client for AKI.IO and its Spring Boot starter",
	base: process.env.SITE_BASE ?? "/",
	outDir: process.env.SITE_OUTPUT,
	head: [["link", { rel: "icon", href: "data:," }]],
	markdown: {
		languageAlias: { gradle: "groovy", kts: "kotlin" },
		anchor: { slugify: anchorOf }
	},
	themeConfig: {
		search: { provider: "local" },
		outline: { level: [2, 3] },
		nav: [
			{ text: "Getting started", link: "/docs/getting-started" },
			{ text: "Guide", link: "/docs/guide" },
			{ text: "All pages", link: "/docs/" }
		],
		sidebar: [
			{ text: "Overview", link: "/" },
			...outline.map((group) => ({
				text: group.text,
				items: group.items.map((item) => ({ text: item.text, link: link(item.file) }))
			}))
		]
	}
});
