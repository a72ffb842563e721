#!/usr/bin/env bash
# Prints how long the sample takes to start, the median of five, in seconds since the process began:
# from its jar, extracted, processed ahead of time, with class data sharing and, on JDK 25 and newer, with an AOT cache.
# First: mvn -Paot package -DskipTests. JAVA_HOME chooses the JDK.
set -euo pipefail
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=$(echo "$(cd "$(dirname "$0")" && pwd)"/target/aki-sample-app-*[0-9T].jar)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$java" -Djarmode=tools -jar "$jar" extract --destination application > extract.log
cd application
extracted=$(basename "$jar")
"$java" -Dspring.aot.enabled=true -XX:ArchiveClassesAtExit=application.jsa -Dspring.context.exit=onRefresh \
	-jar "$extracted" --server.port=0 > ../archive.log 2>&1

measure() {
	local title=$1
	shift
	for _ in 1 2 3 4 5; do
		"$java" "$@" --server.port=0 > ../start.log 2>&1 &
		local process=$!
		until grep -q 'Started Sample' ../start.log; do
			kill -0 $process || { cat ../start.log; exit 1; }
			sleep 0.1
		done
		sed -nE 's/.*Started Sample.*process running for ([0-9.]+)\).*/\1/p' ../start.log
		kill $process
		wait $process || true
	done | sort -n | sed -n "3s/^/$title: /p"
}

measure "jar" -jar "$jar"
measure "extracted" -jar "$extracted"
measure "extracted, ahead of time" -Dspring.aot.enabled=true -jar "$extracted"
measure "extracted, ahead of time, class data sharing" -Dspring.aot.enabled=true \
	-XX:SharedArchiveFile=application.jsa -jar "$extracted"

feature=$("$java" -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p')
if [ "$feature" -ge 25 ]; then
	"$java" -Dspring.aot.enabled=true -XX:AOTCacheOutput=application.aot -Dspring.context.exit=onRefresh \
		-jar "$extracted" --server.port=0 > ../cache.log 2>&1
	measure "extracted, ahead of time, AOT cache" -Dspring.aot.enabled=true -XX:AOTCache=application.aot -jar "$extracted"
fi
