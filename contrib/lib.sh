# Sourced by the scripts of contrib/; sets the working directory to the root of the repository.
# shellcheck shell=bash disable=SC2034

set -euo pipefail
script=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The one list of executables. Helpers hand out secrets: they are static and have no network code. Executables without a
# folder in Sources/ are skipped.
helpers=(git-credential-lockwise lockwise-askpass lockwise-pass lockwise-env)
programs=(lockwise-sync lockwise-sandbox)

# The packages to build with, by Debian's names, what of them a compiler looks for, and the packages that the tests and
# benchmarks also use.
build_packages=(binutils git libcurl4-openssl-dev libsqlite3-dev libssl-dev zlib1g-dev)
build_tools=(git readelf strip)
build_headers=(curl/curl.h openssl/ssl.h sqlite3.h zlib.h)
test_packages=(
  curl file fish fzf git-email keyutils libauthen-sasl-perl libidn2-0 libmailtools-perl man-db mandoc oathtool openssl pass
  pass-extension-otp patchelf pinentry-tty procps python3 qrencode shellcheck strace time tmux tree vim xclip xsel xvfb
  zsh
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

# need_swift: ends the script unless there is a Swift toolchain that is new enough.
need_swift() {
  local advice='install Swift 6.1 or later from https://swift.org/install'
  command -v swift >/dev/null || die "cannot find the program swift; $advice"
  local version
  version=$(swift --version 2>/dev/null) || die "cannot run $(command -v swift); $advice"
  [[ $version =~ version\ ([0-9]+)\.([0-9]+) ]] || die "cannot find out the version of $(command -v swift); $advice"
  ((BASH_REMATCH[1] > 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] >= 1))) ||
    die "$(command -v swift) is Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]}; $advice"
}
