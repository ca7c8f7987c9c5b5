#!/usr/bin/env bash
# Runs http-cache-tests against the proxy, prints the figures, and fails when a test of expected.txt
# does not pass. Needs node, npm and java; --update writes expected.txt anew, --verbose lists all
# that fails, ids run only those tests.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
module=$(cd "$here/../../.." && pwd)
build=$module/target/http-cache-tests
jar=$module/target/thermae.jar

[ -f "$jar" ] || (cd "$module/.." && mvn -q -B -DskipTests -pl cache-http -am package)
mkdir -p "$build"
# "npm" is a dependency that the suite never calls: package.json puts a small one in its place.
if ! cmp -s "$here/package-lock.json" "$build/package-lock.json"; then
  cp "$here/package.json" "$build/"
  cp "$here/package-lock.json" "$build/lock"
  mv "$build/lock" "$build/package-lock.json"
  (cd "$build" && npm ci --silent --no-audit --no-fund --ignore-scripts) || {
    rm -f "$build/package-lock.json"
    exit 1
  }
fi
exec node --no-warnings "$here/run.mjs" "$build" "$jar" "$@"
