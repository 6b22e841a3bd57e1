#!/usr/bin/env bash
# All kernels under Oclgrind with data-race and uninitialised checks, on the larger set of cases.
# Needs a JDK as the README says, and Oclgrind (Debian: oclgrind). Takes some minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export AMORTIS_REQUIRE=oclgrind
exec ./mvnw -B -q -pl src test -Dtest=OclgrindTest -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dtest.jvm.flags=-Damortis.oclgrind=all"
