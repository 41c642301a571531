# Completion of lockwise-askpass for bash.
#
# contrib/install installs it.
# shellcheck shell=bash

_lockwise_askpass() {
  local word=${COMP_WORDS[COMP_CWORD]} words='' line
  COMPREPLY=()
  case $COMP_CWORD:${COMP_WORDS[1]-}:${COMP_WORDS[2]-} in
    1:*) words='save explain configure --help --version' ;;
    2:save:*) words='ssh key sudo' ;;
    2:configure:*) words='ssh git sudo systemd' ;;
    3:save:key)
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
      return
      ;;
    3:save:sudo)
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -u -- "$word")
      return
      ;;
  esac
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$words" -- "$word")
}

complete -F _lockwise_askpass lockwise-askpass
