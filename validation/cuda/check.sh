#!/usr/bin/env bash
# Checks the binding to CUDA and cuBLAS on a machine without a GPU: a C stand-in for their libraries (stub.c) under
# the real JCuda, JCublas and foreign calls, temporary folders that take no programs, and the way bench/gpu goes on after
# faults. Needs a C compiler, Python, and what `./mvnw -pl src,bench test-compile` builds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

. .mvn/find-jdk.sh
JAVA_HOME=$(amortis_jdk) || exit 69
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cc -O2 -w -shared -fPIC -o "$folder/libcuda.so.1" validation/cuda/stub.c
ln -s libcuda.so.1 "$folder/libcublas.so.12"
ln -s libcuda.so.1 "$folder/libcublas.so.13"

repository=${AMORTIS_MAVEN_REPOSITORY:-$HOME/.m2/repository}
jars=$(find "$repository/org/jcuda" -name 'jcu*-12.6.0.jar' -o -name 'jcu*-natives-12.6.0-linux-x86_64.jar' | tr '\n' ':')
for version in 12 13; do
  LD_LIBRARY_PATH=$folder AMORTIS_CUBLAS=$version "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED \
    --add-modules jdk.incubator.vector -cp "src/target/classes:$jars" validation/cuda/StubCheck.java \
    2> "$folder/calls" || { tail -n 30 "$folder/calls" >&2; exit 1; }
  grep -q 'stub: launch graph' "$folder/calls"
  grep -q 'stub: cublasSgemmStridedBatched' "$folder/calls"
done

# Native parts: temporary folders with half-written files of their names, and none at all.
mkdir "$folder/half" "$folder/home"
for library in JCudaDriver JCublas2 JNvrtc; do
  printf '\177ELF' > "$folder/half/lib$library-12.6.0-linux-x86_64.so"
done
for temporary in "$folder/half" "$folder/libcuda.so.1" /proc; do
  LD_LIBRARY_PATH=$folder "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector \
    "-Djava.io.tmpdir=$temporary" "-Duser.home=$folder/home" -cp "src/target/classes:$jars" validation/cuda/StubCheck.java 2> "$folder/calls" \
    || { tail -n 30 "$folder/calls" >&2; exit 1; }
done
[ -z "$(ls "$folder/home/.cache")" ] || { echo "check: native parts were left behind" >&2; exit 1; }

# The scripts for a GPU: a device that is not there ends with 69, one that computes nothing right with 1 and a line for each row.
out=$folder/out
for libraries in /nonexistent "$folder"; do
  expected=$([ "$libraries" = "$folder" ] && echo 1 || echo 69)
  found=0
  env -i PATH=/usr/bin:/bin JAVA_HOME="$JAVA_HOME" AMORTIS_MAVEN_REPOSITORY="$repository" LD_LIBRARY_PATH="$libraries" \
    python3 bench/gpu/run.py --device cuda --rehearse --part check --part chains --out "$out" --work "$folder/work" > "$folder/log" 2>&1 || found=$?
  [ "$found" = "$expected" ] || { cat "$folder/log" >&2; echo "check: exit code $found, expected $expected" >&2; exit 1; }
done
grep -q '^| mh_chebyshev | ' "$out/results.md"
