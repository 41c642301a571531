# Sourced by the scripts of contrib/; sets the working directory to the root of the repository.
# shellcheck shell=bash disable=SC2034

set -euo pipefail
script=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The one list of executables. Helpers hand out secrets: static, and without network code. Those whose folder in
# Sources/ does not exist yet are skipped.
helpers=(git-credential-lockwise lockwise-askpass lockwise-pass lockwise-env)
programs=(lockwise-sync lockwise-sandbox)

# Debian's names of the packages to build with, and of those that the tests and benchmarks use besides.
build_packages=(binutils git libcurl4-openssl-dev libsqlite3-dev libssl-dev zlib1g-dev)
test_packages=(
  curl file git-email keyutils libauthen-sasl-perl libidn2-0 libmailtools-perl man-db mandoc openssl patchelf pinentry-tty procps
  python3 shellcheck strace time
)
firefox_packages=(firefox-esr)

bin=.build/bin

say() { printf '==> %s\n' "$*" >&2; }
die() {
  printf '%s: error: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# usage "$@": prints the comment at the head of the calling script, if that is what the arguments ask for.
usage() {
  [[ ${1-} != --help && ${1-} != -h ]] || {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$script"
    exit 0
  }
}

# existing NAME…: those that have a folder in Sources/.
existing() {
  local name
  for name in "$@"; do [[ ! -d Sources/$name ]] || printf '%s\n' "$name"; done
}

need_swift() {
  command -v swift >/dev/null || die 'no Swift toolchain; install Swift 6.1 or later from https://swift.org/install'
}
