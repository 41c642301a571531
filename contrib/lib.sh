# Sourced by the scripts of contrib/; sets the working directory to the root of the repository.
# shellcheck shell=bash disable=SC2034

set -euo pipefail
script=$(realpath "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The one list of executables. Helpers hand out secrets: they are static and have no network code. Executables without a
# folder in Sources/ are skipped.
helpers=(git-credential-lockwise lockwise-askpass lockwise-pass lockwise-env docker-credential-lockwise)
programs=(lockwise-sync lockwise-sandbox)

# The packages to build with, by Debian's names, what of them a compiler looks for, and the packages that the tests and
# benchmarks also use.
build_packages=(binutils git libcurl4-openssl-dev libsqlite3-dev libssl-dev zlib1g-dev)
build_tools=(git readelf strip)
build_headers=(curl/curl.h openssl/ssl.h sqlite3.h zlib.h)
# docker.io is not among them, because it starts a service. Tests of docker's own client run where it is installed.
test_packages=(
  aerc ansible-core borgbackup buildah curl direnv elvish file fish fzf gcc git-email git-lfs isync keyutils
  libauthen-sasl-perl libidn2-0 libmailtools-perl man-db mandoc mksh msmtp mutt nodejs oathtool openssh-client
  openssh-server openssl pass pass-extension-otp patchelf pinentry-tty podman postgresql-client procps python3
  python3-botocore python3-dotenv qrencode restic rsync screen shellcheck skopeo strace sudo time tmux tree unzip vim xclip
  xsel xvfb zsh
)
firefox_packages=(firefox-esr)
# To make and check Debian packages.
package_packages=(debhelper dpkg-dev libzstd-dev)
package_test_packages=(lintian mmdebstrap piuparts)

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

# libcrypto_needs: the options to link what a static libcrypto needs, except the C library. Debian 13's can compress with
# zlib and zstd, which Lockwise never asks for.
libcrypto_needs() {
  local folder
  for folder in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib; do
    [[ -f $folder/pkgconfig/libcrypto.pc ]] || continue
    sed -n 's/^Libs.private://p' "$folder/pkgconfig/libcrypto.pc" | tr ' ' '\n' | grep -E '^-l' |
      grep -vxE -- '-l(dl|pthread)' || true
    return
  done
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
