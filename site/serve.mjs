// Serves the generated site to this machine: serve.mjs <directory> [<port>]
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const [site, port = "4173"] = process.argv.slice(2);
const base = process.env.SITE_BASE ?? "/";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
	".png": "image/png", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

function fileOf(url) {
	const path = decodeURIComponent(new URL(url, "http://127.0.0.1").pathname);
	if (!path.startsWith(base)) {
		return null;
	}
	const file = normalize(join(site, path.slice(base.length)));
	const found = [file, join(file, "index.html"), file + ".html"]
		.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
	return (found && found.startsWith(normalize(site))) ? found : null;
}

createServer((request, response) => {
	const file = fileOf(request.url);
	if (!file) {
		response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found");
		return;
	}
	response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
	createReadStream(file).pipe(response);
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}${base}`));
