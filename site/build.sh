#!/usr/bin/env bash
# Builds the documentation as a web site in target/site. See docs/README.md.
#   site/build.sh            build it
#   site/build.sh preview    build it and serve it on http://127.0.0.1:4173
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
work="$root/target/site-work"
export SITE_OUTPUT="$root/target/site"

mkdir -p "$work"
if ! cmp --silent "$root/site/package-lock.json" "$work/package-lock.json"; then
	cp "$root/site/package.json" "$root/site/package-lock.json" "$work"
	# the packages need no install script
	(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund) || { rm -f "$work/package-lock.json"; exit 1; }
fi

rm -rf "$work/pages" "$SITE_OUTPUT"
mkdir -p "$work/pages/.vitepress/theme"
cp "$root/site/config.mjs" "$root/site/outline.mjs" "$work/pages/.vitepress"
cp "$root/site/theme/"* "$work/pages/.vitepress/theme"
node "$root/site/collect-pages.mjs" "$root" "$work/pages"
(cd "$work" && npx --no-install vitepress build pages)
node "$root/site/check-links.mjs" "$SITE_OUTPUT"

if [ "${1:-}" = preview ]; then
	exec node "$root/site/serve.mjs" "$SITE_OUTPUT"
fi
