# Completion of lockwise-env for bash 4.4 or later.
#
# contrib/install installs it.
# shellcheck shell=bash

# Prints the references that begin with a text, each up to the next slash. After a user name, the fields follow. While
# there is only one site or user, the next part is printed in its place. A locked vault has no references, and nothing is
# asked or pulled.
_lockwise_env_references() {
  LOCKWISE_NO_PROMPT=1 LOCKWISE_PULL_INTERVAL=0 "$program" ref 2>/dev/null </dev/null |
    LC_ALL=C word=$1 awk '
      BEGIN { word = ENVIRON["word"]; start = length(word) }
      substr($0, 1, start) == word { names[++count] = $0 }
      substr(word, 1, length($0) + 1) == $0 "/" { login = $0 "/" }
      END {
        if (login) {
          fields = split("username url otp notes", field, " ")
          for (i = 1; i <= fields; i++)
            if (substr(login field[i], 1, start) == word) print login field[i]
        }
        if (count && start < 11) start = 11
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

# Completes a reference. `text` is what was typed of it, `kept` is what readline does not replace. The first argument is
# 1 if lockwise:// may be left out.
_lockwise_env_add_references() {
  local scheme='lockwise://' word=$text name names
  if [[ $scheme != "$text"* && $text != "$scheme"* ]]; then
    ((${1-0})) || return 0
    word=$scheme$text
  fi
  mapfile -t names < <(_lockwise_env_references "$word")
  for name in "${names[@]}"; do
    [[ $word == "$text" ]] || name=${name#"$scheme"}
    name=${cur%"$text"}$name
    COMPREPLY+=("${name:${#kept}}")
  done
  if ((${#names[@]} != 1)) || [[ ${names[0]} == */ ]]; then compopt -o nospace; fi
}

# Adds the words that begin with `text`.
_lockwise_env_add_words() {
  local word
  for word in $1; do
    [[ $word == "$text"* ]] || continue
    word=${cur%"$text"}$word
    COMPREPLY+=("${word:${#kept}}")
  done
}

_lockwise_env_add_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen -f -- "$text")
}

# Completes the value of an option.
_lockwise_env_value() {
  case $1,$2 in
    *,-f | *,--from | *,--input | *,-i | *,--output | *,-o) _lockwise_env_add_files ;;
    *,--format) _lockwise_env_add_words "$_lockwise_env_formats" ;;
    run,--stdin) _lockwise_env_add_references 1 ;;
    run,--file)
      [[ $text == *=* ]] || return 0
      text=${text#*=}
      _lockwise_env_add_references 1
      ;;
  esac
}
_lockwise_env_formats='sh fish elvish json null github docker dotenv'

_lockwise_env() {
  local program=lockwise-env line=${COMP_LINE:0:COMP_POINT} words cur text kept='' previous command options index
  COMPREPLY=()
  # A reference needs no quotes, so words end at blanks.
  read -ra words <<<"$line"
  [[ $line != *[$' \t'] ]] || words+=('')
  type -P "$program" >/dev/null || program=${words[0]}
  ((${#words[@]} > 1)) || return 0
  cur=${words[-1]} text=$cur previous=${words[-2]}
  # readline replaces what follows the last of these characters.
  for ((index = ${#cur} - 1; index >= 0; index--)); do
    [[ $COMP_WORDBREAKS != *"${cur:index:1}"* ]] || break
  done
  kept=${cur:0:index+1}
  if ((${#words[@]} == 2)); then
    _lockwise_env_add_words 'export run inject read check ref hook --help --version'
    return
  fi
  command=${words[1]}
  case $command in
    export) options='-f --from --format --unset' ;;
    run) options='-f --from --inherited --clean --file --files --stdin --mask' ;;
    inject) options='-i --input -o --output --mode' ;;
    read) options='-n --no-newline --null' ;;
    check) options='-f --from -i --input' ;;
    hook) options='-f --from' ;;
    ref) options='' ;;
    *) return 0 ;;
  esac
  options+=' --help'
  if [[ $command == run ]]; then
    # After the command come its own arguments.
    for ((index = 2; index < ${#words[@]} - 1; index++)); do
      case ${words[index]} in
        -f | --from | --file | --stdin) ((++index)) ;;
        --)
          ((++index))
          break
          ;;
        -* | *=*) ;;
        *) break ;;
      esac
    done
    if ((index < ${#words[@]} - 1)); then
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      return
    fi
  fi
  if [[ $cur == --*=* ]]; then
    text=${cur#*=}
    _lockwise_env_value "$command" "${cur%%=*}"
    return
  fi
  case $command,$previous in
    *,-f | *,--from | *,-i | *,--input | *,-o | *,--output | *,--format | *,--mode | run,--file | run,--stdin)
      _lockwise_env_value "$command" "$previous"
      ;;
    *)
      if [[ $cur == -* ]]; then
        _lockwise_env_add_words "$options"
      elif [[ $command == hook ]]; then
        ((${#words[@]} > 3)) || _lockwise_env_add_words 'bash zsh fish'
      elif [[ $command == read ]]; then
        _lockwise_env_add_references 1
      elif [[ $command =~ ^(export|run)$ && $cur == *=* ]]; then
        text=${cur#*=}
        _lockwise_env_add_references
      elif [[ $command == run && $cur ]]; then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      fi
      ;;
  esac
}

complete -F _lockwise_env lockwise-env
