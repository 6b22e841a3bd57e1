#!/usr/bin/env bash
# Checks the binding to CUDA and cuBLAS on a machine without a GPU: a C stand-in for their libraries (stub.c) under
# the real JCuda, JCublas and foreign calls. Needs a C compiler and a built library (./mvnw -pl src compile).
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
