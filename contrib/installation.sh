# Sourced by contrib/install and contrib/uninstall, after lib.sh: the place of an installation, and its manifest.
# shellcheck shell=bash disable=SC2034

# The manifest lists what contrib/install placed below the prefix, a line each:
#
#   file SHA-256 PATH    a file; after an interrupted run also with the digest that it had before or was to have
#   directory PATH       a directory that did not exist; "." is the prefix itself
#
# Paths are relative to the prefix. Lines that start with # are comments.

prefix=/usr/local destdir='' force=0
here=$OLDPWD

# refuse REASON HINT: ends the script.
refuse() {
  printf '%s: %s\n' "${0##*/}" "error: $1" "${0##*/}" "hint: $2" >&2
  exit 1
}

# place_option "$@": understands the options that both scripts have, and sets `taken` to the number of its arguments, 0
# if the first is not such an option.
place_option() {
  taken=1
  case $1 in
    --user)
      [[ ${HOME-} == /* ]] || die 'cannot find your home: HOME is not an absolute path'
      [[ -O $HOME ]] || die "cannot install for the user: $HOME belongs to somebody else"
      prefix=$HOME/.local
      ;;
    --prefix | --destdir)
      [[ ${2-} ]] || die "$1 needs a directory; see --help"
      printf -v "${1#--}" %s "$2"
      taken=2
      ;;
    --prefix=?* | --destdir=?*)
      local name=${1%%=*}
      printf -v "${name#--}" %s "${1#*=}"
      ;;
    --force) force=1 ;;
    *) taken=0 ;;
  esac
}

# finish_place: checks the options, and sets `root`, the folder that stands for the prefix, and `manifest`.
finish_place() {
  [[ $prefix == /* ]] || die "the prefix $prefix is not an absolute path"
  [[ $prefix$destdir != *$'\n'* ]] || die 'a path with a line feed is not supported'
  prefix=$(realpath -ms -- "$prefix")
  [[ ! $destdir ]] || destdir=$(cd -- "$here" && realpath -ms -- "$destdir")
  [[ $destdir != / ]] || destdir=''
  root=$destdir${prefix%/}
  manifest=$root/share/lockwise/manifest
}

# new_name FILE: the name under which a file is written before it is renamed.
new_name() { printf '%s/.lockwise-new.%s' "$(dirname "$1")" "$(basename "$1")"; }

# The digests of each file in the manifest, and its directories.
declare -A owned=()
declare -A owned_directories=()

# read_manifest: false if there is none.
read_manifest() {
  [[ -f $manifest ]] || return 1
  owned_directories[share/lockwise]=1
  local line number=0 path
  while IFS= read -r line; do
    number=$((number + 1))
    [[ $line != '#'* ]] || continue
    if [[ $line =~ ^file\ ([0-9a-f]{64})\ (.+)$ ]]; then
      path=${BASH_REMATCH[2]}
      owned[$path]+="${BASH_REMATCH[1]} "
    elif [[ $line =~ ^directory\ (.+)$ ]]; then
      path=${BASH_REMATCH[1]}
      owned_directories[$path]=1
    else
      die "cannot read $manifest: line $number is not valid"
    fi
    [[ /$path/ != *'/../'* && $path != /* ]] || die "cannot read $manifest: line $number leads out of the prefix"
  done <"$manifest"
}

# digest FILE
digest() {
  local line
  line=$(sha256sum <"$1")
  printf %s "${line%% *}"
}

# is_unchanged PATH: whether the file is as some run of contrib/install left it.
is_unchanged() {
  local file=$root/$1
  [[ -f $file && ! -L $file && ${owned[$1]-} ]] || return 1
  [[ " ${owned[$1]}" == *" $(digest "$file") "* ]]
}

# write_manifest VERSION, with the lines from standard input.
write_manifest() {
  local new
  new=$(new_name "$manifest")
  rm -f -- "$new"
  {
    printf '# Files of Lockwise %s. contrib/uninstall removes them.\n' "$1"
    LC_ALL=C sort -u
  } >"$new"
  chmod 644 "$new"
  sync -- "$new"
  mv -fT -- "$new" "$manifest"
}

# remove_file PATH: also what an interrupted run left next to it.
remove_file() { rm -f -- "$root/$1" "$(new_name "$root/$1")"; }

# remove_directories: removes those of the manifest that are empty, the deepest first, and prints the others.
remove_directories() {
  local path directory
  while IFS= read -r path; do
    # rmdir(2) refuses a path that ends in ".".
    directory=$root/$path
    [[ $path != . ]] || directory=$root
    if [[ -L $directory ]] || ! rmdir -- "$directory" 2>/dev/null; then
      [[ ! -d $directory ]] || printf '%s\n' "$path"
    fi
  done < <(printf '%s\n' "${!owned_directories[@]}" | LC_ALL=C sort -r)
}
