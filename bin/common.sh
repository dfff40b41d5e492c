# Sourced by the commands of this folder: builds what is missing or stale, and knows the class path.
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$home"

# Is there no file of this pattern, or is a source of the module or of sync-core newer?
stale() {
  local module="$1" pattern="$2" built
  built="$(compgen -G "$module/target/$pattern" | head -n 1)"
  [[ -z "$built" ]] && return 0
  [[ -n "$(find pom.xml "$module/pom.xml" "$module/src" sync-core/src -newer "$built" -type f -print -quit 2>/dev/null)" ]]
}

build() {
  echo "Building: $*" >&2
  mvn -q -B -ntp -DskipTests -am -pl "$(IFS=,; echo "$*")" package >&2
  # Maven leaves an archive alone whose contents are the same.
  local module
  for module in "$@"; do touch "$module"/target/*.jar; touch "$module"/target/*-plugin.zip 2>/dev/null || true; done
}

build_if_stale() {
  local module modules=()
  for module in "$@"; do
    case "$module" in
      sandbox) stale sandbox 'sandbox-*.jar' || [[ ! -d sandbox/target/kafka-lib ]] && modules+=(sandbox) ;;
      simulation|probe) stale "$module" "$module-*.jar" && modules+=("$module") ;;
      *) stale "$module" '*-plugin.zip' && modules+=("$module") ;;
    esac
  done
  [[ ${#modules[@]} -eq 0 ]] || build "${modules[@]}"
}

# Of a module with a command: sandbox, simulation or probe.
class_path() {
  echo "$(compgen -G "$home/$1/target/$1-*.jar" | head -n 1):$home/$1/target/lib/*"
}

java_command="${JAVA_HOME:+$JAVA_HOME/bin/}java"
