#!/usr/bin/env bash
# Packs a folder that checks and times Amortis on a machine with a GPU, its driver, Python and PyTorch, but no Java:
# target/bundle/amortis-gpu-VERSION.tar.gz with a Java run-time image, the jars (kernels included) and bench/gpu.
#
#   native/bundle.sh            # builds, packs, says how large
#   tar xzf amortis-gpu-*.tar.gz && amortis-gpu-*/run --device cuda
#
# The image is for this machine's system and processor. Arguments go to Maven (-o: offline).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

. .mvn/find-jdk.sh
if ! JAVA_HOME=$(amortis_jdk); then
  echo "bundle: no JDK $amortis_jdk_range was found (seen: $(amortis_jdk_seen)); install one and set JAVA_HOME" >&2
  exit 69
fi
export JAVA_HOME
most=$((60 * 1024 * 1024))
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml | head -n 1)
name=amortis-gpu-$version
root=target/bundle
to=$root/$name

# Test classes are compiled, not run: the cases of every op are among them.
./mvnw -q -B -pl src,bench package -DskipTests "$@"

rm -rf "$root"
mkdir -p "$to/lib" "$to/bench/peers"
cp "src/target/amortis-$version-cli.jar" "$to/lib/amortis.jar"
"$JAVA_HOME/bin/jar" --create --file "$to/lib/bench.jar" --no-manifest -C bench/target/classes org
# The cases and what they need; tests proper stay behind with their libraries.
cases=$(cd src/target/test-classes && find org/amortis/engine/op -name '*.class' ! -name '*Test.class' ! -name '*Test$*.class')
# shellcheck disable=SC2086
(cd src/target/test-classes && "$JAVA_HOME/bin/jar" --create --file "$OLDPWD/$to/lib/cases.jar" --no-manifest $cases)
# Native parts lie beside the jars: a temporary folder may forbid programs, be full, or hold another user's file of that name.
(cd "$to" && "$JAVA_HOME/bin/jar" --list --file lib/amortis.jar | grep '^lib/.*linux-x86_64\.so$' > natives && "$JAVA_HOME/bin/jar" --extract --file lib/amortis.jar @natives && rm natives)
# What the jars use of Java (JOCL logs, say), and what no class file shows.
modules=$("$JAVA_HOME/bin/jdeps" --ignore-missing-deps --print-module-deps --multi-release 25 --add-modules jdk.incubator.vector "$to/lib/amortis.jar")
"$JAVA_HOME/bin/jlink" --add-modules "$modules,jdk.incubator.vector,jdk.unsupported" --strip-java-debug-attributes --no-man-pages \
  --no-header-files --compress zip-9 --output "$to/java" 2> /dev/null
cp -r bench/gpu "$to/bench/gpu"
cp bench/peers/compare.py bench/peers/fields.py bench/peers/worker.py "$to/bench/peers/"
rm -rf "$to"/bench/*/__pycache__
cp LICENSE NOTICE "$to/"
git describe --always --dirty --abbrev=40 --exclude='*' > "$to/COMMIT"

cat > "$to/run" << 'RUN'
#!/bin/sh
# Checks Amortis on this machine's device, then times it beside PyTorch; bench/gpu/README.md has the options.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 70
python=${PYTHON:-python3}
exec "$python" -u "$here/bench/gpu/run.py" "$@"
RUN
cat > "$to/amortis" << 'RUN'
#!/bin/sh
# The command line, by the Java in this folder.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 70
# shellcheck disable=SC2086
exec "$here/java/bin/java" "-Djava.library.path=$here/lib" -XX:+UseParallelGC -XX:ObjectAlignmentInBytes=64 --add-modules jdk.incubator.vector \
  --enable-native-access=ALL-UNNAMED ${AMORTIS_JVM_FLAGS-} -jar "$here/lib/amortis.jar" "$@"
RUN
chmod +x "$to/run" "$to/amortis"

# Files in order and without owners or times of their own.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='2026-11-23 00:00Z' -C "$root" -cf - "$name" | gzip -9n > "$root/$name.tar.gz"
size=$(stat -c %s "$root/$name.tar.gz")
printf 'bundle: %s, %d.%d MiB, sha256 %s\n' "$root/$name.tar.gz" $((size / 1048576)) $((size % 1048576 * 10 / 1048576)) \
  "$(sha256sum "$root/$name.tar.gz" | cut -c1-64)"
if [ "$size" -gt "$most" ]; then
  echo "bundle: larger than 60 MiB" >&2
  exit 1
fi
