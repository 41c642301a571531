# Completion of lockwise-pass for bash 4.4 or later.
#
# contrib/install installs it. If the program is called pass, link it as pass into
# ~/.local/share/bash-completion/completions. For the extension `pass lockwise`, source it in ~/.bashrc.
# shellcheck shell=bash

# Divides the command line before the cursor into words without quotes. Sets `words`, of which the last one is being
# completed, `quote` to the quote that is open, and `kept` to the part of the last word that readline does not replace:
# it replaces only what follows an open quote or a character of COMP_WORDBREAKS.
_lockwise_pass_parse() {
  local line=${COMP_LINE:0:COMP_POINT} breaks=${COMP_WORDBREAKS//[$' \t\n\'"']/}
  local char next word='' is_word='' broken='' index
  words=() quote='' kept=''
  for ((index = 0; index < ${#line}; index++)); do
    char=${line:index:1} next=${line:index+1:1}
    if [[ $quote == "'" && $char != "'" ]]; then
      word+=$char
    elif [[ $quote && $char == "$quote" ]]; then
      quote='' kept=$broken
    elif [[ $quote && $char == \\ && $next != [\"\\\$\`] ]]; then
      word+=\\
    elif [[ $char == \\ ]]; then
      word+=$next is_word=1 index=$((index + 1))
    elif [[ $quote ]]; then
      word+=$char
    elif [[ $char == [\'\"] ]]; then
      quote=$char kept=$word is_word=1
    elif [[ $char == [$' \t\n'] ]]; then
      [[ ! $is_word ]] || words+=("$word")
      word='' is_word='' broken='' kept=''
    else
      # readline also replaces an @.
      [[ $breaks != *"$char"* || $char != @ ]] || broken=$word kept=$word
      word+=$char is_word=1
      [[ $breaks != *"$char"* || $char == @ ]] || broken=$word kept=$word
    fi
  done
  words+=("$word")
}

# Prints the names that begin with a text, each up to the next slash. While there is only one folder, its contents are
# printed in its place. A locked vault has no names, and nothing is asked or pulled.
_lockwise_pass_names() {
  LOCKWISE_NO_PROMPT=1 LOCKWISE_PULL_INTERVAL=0 "$program" ls --flat 2>/dev/null </dev/null |
    LC_ALL=C word=$1 awk '
      BEGIN { word = ENVIRON["word"]; start = length(word) }
      substr($0, 1, start) == word { names[++count] = $0 }
      END {
        while (count) {
          found = 0
          for (i = 1; i <= count; i++) {
            slash = index(substr(names[i], start + 1), "/")
            part = slash ? substr(names[i], 1, start + slash) : names[i]
            if (!found || part != parts[found]) parts[++found] = part
          }
          if (found > 1 || parts[1] !~ /\/$/) break
          start = length(parts[1])
        }
        for (i = 1; i <= found; i++) print parts[i]
      }'
}

# Sets REPLY to a text as it is typed where `quote` is open.
_lockwise_pass_quote() {
  REPLY=$1
  case $quote in
    \') REPLY=${REPLY//\'/\'\\\'\'} ;;
    \")
      REPLY=${REPLY//\\/\\\\}
      REPLY=${REPLY//\"/\\\"}
      REPLY=${REPLY//\$/\\\$}
      REPLY=${REPLY//\`/\\\`}
      # A history expansion can only be quoted outside.
      REPLY=${REPLY//!/\"\\!\"}
      ;;
    *) [[ ! $REPLY ]] || printf -v REPLY %q "$REPLY" ;;
  esac
  # readline removes a quote that follows the open one.
  [[ ! $quote || $REPLY != "$quote"* ]] || REPLY=$quote$REPLY
}

# Sets REPLY to the longest beginning that all texts have.
_lockwise_pass_prefix() {
  REPLY=$1
  local text
  for text; do
    while [[ $text != "$REPLY"* ]]; do REPLY=${REPLY%?}; done
  done
}

# Adds names that begin with the current word to COMPREPLY.
_lockwise_pass_add_names() {
  local cur=${words[-1]} name prefix quoted=() names
  mapfile -t names < <(_lockwise_pass_names "$cur")
  for name in "${names[@]}"; do
    _lockwise_pass_quote "${name:${#kept}}"
    # readline closes the quote, but not after the same character.
    if ((${#names[@]} == 1)) && [[ $quote && $name != */ ]]; then
      case $REPLY in
        '') REPLY=$quote$quote ;;
        *"$quote") REPLY+=$quote ;;
      esac
    fi
    quoted+=("$REPLY")
  done
  if ((${#names[@]} > 1)); then
    compopt -o nospace
    # readline inserts what all have in common. It must not end within an escaped character.
    _lockwise_pass_prefix "${names[@]}"
    prefix=$REPLY
    _lockwise_pass_quote "${prefix:${#kept}}"
    local wanted=$REPLY
    _lockwise_pass_prefix "${quoted[@]}"
    if [[ $REPLY != "$wanted" && ${#COMPREPLY[@]} == 0 && $COMP_TYPE != 37 ]]; then
      # A blank among the names keeps readline from inserting a part of them.
      if [[ $prefix == "$cur" ]]; then quoted=("${names[@]}" ' '); else quoted=("$wanted"); fi
    fi
  fi
  COMPREPLY+=("${quoted[@]}")
}

# Adds words that begin with the current word to COMPREPLY.
_lockwise_pass_add_words() {
  local cur=${words[-1]} word
  [[ ! $quote ]] || return 0
  for word in $1; do [[ $word != "$cur"* ]] || COMPREPLY+=("${word:${#kept}}"); done
}

# Sets REPLY to the options of a command.
_lockwise_pass_options() {
  case $1 in
    show) REPLY='-c --clip -q --qrcode --window -o --password --field --json' ;;
    ls | list) REPLY='--flat --json' ;;
    find | search | grep) REPLY='--json' ;;
    insert | add) REPLY='-e --echo -m --multiline --json -f --force --free' ;;
    generate) REPLY='-n --no-symbols --words -c --clip -q --qrcode --window -i --in-place -f --force' ;;
    rm | delete | remove) REPLY='-r --recursive -f --force' ;;
    mv | rename | cp | copy) REPLY='-f --force' ;;
    'otp insert' | 'otp add' | 'otp append') REPLY='-f --force -e --echo -s --secret -i --issuer -a --account' ;;
    'otp uri') REPLY='-c --clip -q --qrcode --window' ;;
    'otp validate') REPLY='' ;;
    otp*) REPLY='-c --clip --qrcode --window -q --quiet --next --at' ;;
    history) REPLY='-s --show' ;;
    audit) REPLY='--older --breached --json' ;;
    pick) REPLY='-c --clip --type --print --otp' ;;
    init) REPLY='-p --path' ;;
    *) REPLY='' ;;
  esac
}

# Completes the arguments of a command: those before the current word, without the command.
_lockwise_pass_arguments() {
  local command=$1 cur=${words[-1]} operands=() ends='' needs='' word
  shift
  for word; do
    if [[ $needs ]]; then
      needs=''
    elif [[ $ends || $word != -?* ]]; then
      operands+=("$word")
      [[ $command != shadow ]] || ends=1
    elif [[ $word == -- ]]; then
      ends=1
    else
      case $command,$word in
        show,--field | generate,--words | audit,--older | audit,--breached | init,-p | init,--path | \
          otp,--at | otp,-i | otp,--issuer | otp,-a | otp,--account) needs=$word ;;
      esac
    fi
  done
  case $needs in
    --field) _lockwise_pass_add_words 'login url otp' && return ;;
    --breached)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      return
      ;;
    ?*) return ;;
  esac
  local full=$command
  if [[ $command == otp ]]; then
    case ${operands[0]-} in
      code | show | insert | add | append | uri | validate)
        full="otp ${operands[0]}"
        operands=("${operands[@]:1}")
        ;;
    esac
  fi
  if [[ ! $ends && $cur == -* ]]; then
    _lockwise_pass_options "$full"
    _lockwise_pass_add_words "$REPLY"
    return
  fi
  case $full,${#operands[@]} in
    git,0) _lockwise_pass_add_words 'init pull push status' ;;
    otp,0)
      _lockwise_pass_add_words 'code insert append uri validate help version'
      _lockwise_pass_add_names
      ;;
    shadow,0) mapfile -t COMPREPLY < <(compgen -c -- "$cur") ;;
    mv,[01] | rename,[01] | cp,[01] | copy,[01]) _lockwise_pass_add_names ;;
    git,* | sync,* | init,* | help,* | version,* | pick,* | shadow,* | grep,* | find,* | search,* | 'otp validate',*) ;;
    *,0) _lockwise_pass_add_names ;;
  esac
}

_lockwise_pass() {
  local words quote kept program=lockwise-pass
  COMPREPLY=()
  _lockwise_pass_parse
  type -P "$program" >/dev/null || program=${words[0]}
  words=("${words[@]:1}")
  if ((${#words[@]} > 1)) && [[ ${words[0]} == lockwise ]]; then words=("${words[@]:1}"); fi
  ((${#words[@]})) || return 0
  local commands='show ls find grep insert edit generate rm mv cp otp tail history audit pick shadow sync git init help version'
  local aliases='list search add remove delete rename copy'
  if ((${#words[@]} == 1)); then
    [[ ${words[0]} == -* ]] || _lockwise_pass_add_words "$commands"
    _lockwise_pass_arguments show
  elif [[ " $commands $aliases " == *" ${words[0]} "* ]]; then
    _lockwise_pass_arguments "${words[@]:0:${#words[@]}-1}"
  else
    _lockwise_pass_arguments show "${words[@]:0:${#words[@]}-1}"
  fi
}

# pass(1) calls this for `pass lockwise`.
__password_store_extension_complete_lockwise() {
  compopt +o filenames
  _lockwise_pass
}
PASSWORD_STORE_EXTENSION_COMMANDS+=(lockwise)

complete -F _lockwise_pass lockwise-pass
# The program may be called pass.
if [[ ${BASH_SOURCE[0]##*/} == pass?(.bash) || $(type -P pass) -ef $(type -P lockwise-pass) ]]; then
  complete -F _lockwise_pass pass
fi
