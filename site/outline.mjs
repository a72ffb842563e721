import { readFileSync } from "node:fs";

/**
 * Reads the list of pages, docs/README.md, and returns its groups for the side bar.
 * The links are relative to docs.
 */
export function readOutline(file) {
	const groups = [];
	for (const line of readFileSync(file, "utf8").split("\n")) {
		const heading = /^## (.+)$/.exec(line);
		const item = /^- \[([^\]]+)\]\(([^)#]+\.md)\)/.exec(line);
		if (heading) {
			groups.push({ text: heading[1], items: [] });
		}
		else if (item && groups.length > 0) {
			groups.at(-1).items.push({ text: item[1], file: item[2] });
		}
	}
	return groups.filter((group) => group.items.length > 0);
}

/** Returns the id that GitHub gives to a heading. */
export function anchorOf(heading) {
	return heading.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
		.replaceAll(" ", "-");
}
