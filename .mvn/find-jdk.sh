# The one rule that finds a JDK, sourced by ./amortis, ./mvnw and .ci/run (POSIX sh, starts no JVM).
#
#   amortis_jdk        prints the home of the first JDK in the range [25.0.3, 26), or fails
#   amortis_jdk_seen   prints in one line which other JDKs were met on the way
#
# Places, in this order: JAVA_HOME; the java on PATH; the usual folders. AMORTIS_JDK_FOLDERS, a
# colon-separated list of folders that hold JDKs, replaces the usual folders. The version is read
# from the file `release` of a JDK. 25.0.3 is the floor because earlier releases can move arrays
# that native code has pinned (JDK-8377811).

amortis_jdk_range='25.0.3 or a later update of 25'

# The version in DIR/release, empty when there is no JDK.
amortis_jdk_version() {
  [ -r "$1/release" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9.]*\).*$/\1/p' "$1/release" | head -n 1
}

# Whether a version lies in [25.0.3, 26).
amortis_jdk_fits() {
  case "$1" in
  25 | 25.*) ;;
  *) return 1 ;;
  esac
  amortis_rest=${1#25}
  amortis_rest=${amortis_rest#.}
  amortis_minor=${amortis_rest%%.*}
  amortis_rest=${amortis_rest#"$amortis_minor"}
  amortis_rest=${amortis_rest#.}
  amortis_patch=${amortis_rest%%.*}
  [ "${amortis_minor:-0}" -gt 0 ] || [ "${amortis_patch:-0}" -ge 3 ]
}

# The home of the java on PATH, its links resolved.
amortis_jdk_on_path() {
  amortis_java=$(command -v java) || return 0
  amortis_hops=0
  while [ -h "$amortis_java" ] && [ "$amortis_hops" -lt 20 ]; do
    amortis_link=$(readlink "$amortis_java") || return 0
    case "$amortis_link" in
    /*) amortis_java=$amortis_link ;;
    *) amortis_java=$(dirname "$amortis_java")/$amortis_link ;;
    esac
    amortis_hops=$((amortis_hops + 1))
  done
  (cd "$(dirname "$amortis_java")/.." 2>/dev/null && pwd -P) || return 0
}

# Every candidate, one a line.
amortis_jdk_candidates() (
  set +f
  [ -z "${JAVA_HOME-}" ] || printf '%s\n' "$JAVA_HOME"
  amortis_jdk_on_path
  if [ -n "${AMORTIS_JDK_FOLDERS+set}" ]; then
    printf '%s\n' "$AMORTIS_JDK_FOLDERS" | tr ':' '\n' | while IFS= read -r amortis_dir; do
      [ -z "$amortis_dir" ] || printf '%s\n' "$amortis_dir"/*
    done
    exit 0
  fi
  for amortis_dir in /usr/lib/jvm /usr/local/lib/jvm /usr/java /opt /opt/java \
    "${HOME-}/.sdkman/candidates/java" "${HOME-}/.jdks" "${HOME-}/.gradle/jdks" "${HOME-}/.asdf/installs/java"; do
    printf '%s\n' "$amortis_dir"/*
  done
  printf '%s\n' /usr/local/openjdk* /usr/local/jdk* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home
)

amortis_jdk() {
  amortis_found=$(amortis_jdk_candidates | while IFS= read -r amortis_home; do
    if amortis_jdk_fits "$(amortis_jdk_version "$amortis_home")"; then
      printf '%s\n' "$amortis_home"
      break
    fi
  done)
  [ -n "$amortis_found" ] && printf '%s\n' "$amortis_found"
}

amortis_jdk_seen() {
  amortis_seen=$(amortis_jdk_candidates | while IFS= read -r amortis_home; do
    amortis_version=$(amortis_jdk_version "$amortis_home")
    [ -z "$amortis_version" ] || printf '%s in %s\n' "$amortis_version" "$amortis_home"
  done | sort -u | head -n 4 | tr '\n' ';' | sed 's/;$//; s/;/, /g')
  printf '%s\n' "${amortis_seen:-none}"
}
