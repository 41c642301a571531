# Completion of lockwise-env for fish.
#
# contrib/install installs it.

# Prints all references and, after a login, its fields. A locked vault has no references, and nothing is asked or pulled.
# The argument is `short` if lockwise:// may be left out.
function __lockwise_env_references
    set -l program lockwise-env
    command -q $program; or set program (commandline -opc)[1]
    set -l word (commandline -ct)
    set -l start ''
    set -l found (string match -r '^(?:--[a-z]+=)?(?:[A-Za-z_][A-Za-z0-9_]*=)?' -- $word)
    and set start $found
    set word (string replace -- "$start" '' $word)
    set -l references (LOCKWISE_NO_PROMPT=1 LOCKWISE_PULL_INTERVAL=0 command $program ref 2>/dev/null </dev/null)
    for reference in $references
        string match -q -- "$reference/*" "$word" "lockwise://$word"
        and set references $references $reference/{username,url,otp,notes}
    end
    if test "$argv[1]" = short; and not string match -q 'l*' -- $word
        set references (string replace lockwise:// '' -- $references)
    end
    test -n "$references"; and printf '%s\n' $start$references
end

# Returns whether no command was typed yet.
function __lockwise_env_needs_command
    test (count (commandline -opc)) -eq 1
end

# Returns whether the command is one of these.
function __lockwise_env_uses
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv
end

# Returns whether the current word is an assignment.
function __lockwise_env_assigns
    string match -qr '^[A-Za-z_][A-Za-z0-9_]*=' -- (commandline -ct)
end

complete -c lockwise-env -f
complete -c lockwise-env -n __lockwise_env_needs_command -a export -d 'Print variables for a shell or a program'
complete -c lockwise-env -n __lockwise_env_needs_command -a run -d 'Run a command with secrets'
complete -c lockwise-env -n __lockwise_env_needs_command -a inject -d 'Replace the references in a template'
complete -c lockwise-env -n __lockwise_env_needs_command -a read -d 'Print secrets'
complete -c lockwise-env -n __lockwise_env_needs_command -a check -d 'Check that every reference has a value'
complete -c lockwise-env -n __lockwise_env_needs_command -a ref -d 'Print the reference of a login'
complete -c lockwise-env -n __lockwise_env_needs_command -a hook -d 'Print functions for a shell'
complete -c lockwise-env -n __lockwise_env_needs_command -l help -d 'Show the help'
complete -c lockwise-env -n __lockwise_env_needs_command -l version -d 'Show the version'

complete -c lockwise-env -n 'not __lockwise_env_needs_command' -l help -d 'Show the help'
complete -c lockwise-env -n '__lockwise_env_uses export run check hook' -r -F -s f -l from -d 'Read a file of references'
complete -c lockwise-env -n '__lockwise_env_uses export' -x -l format \
    -a 'sh fish elvish json null github docker dotenv' -d 'Set the format'
complete -c lockwise-env -n '__lockwise_env_uses export' -l unset -d 'Print the lines that remove the variables'
complete -c lockwise-env -n '__lockwise_env_uses export run; and __lockwise_env_assigns' -a '(__lockwise_env_references)'

complete -c lockwise-env -n '__lockwise_env_uses run' -l inherited -d 'Resolve inherited variables that are references'
complete -c lockwise-env -n '__lockwise_env_uses run' -l clean -d 'Inherit only PATH, HOME, TERM, USER, LANG and LC_*'
complete -c lockwise-env -n '__lockwise_env_uses run' -x -l file -a '(__lockwise_env_references short)' \
    -d 'Set a variable to the path of a file in memory'
complete -c lockwise-env -n '__lockwise_env_uses run' -l files -d 'Set NAME_FILE to such a path, and not NAME'
complete -c lockwise-env -n '__lockwise_env_uses run' -x -l stdin -a '(__lockwise_env_references short)' \
    -d 'Give a secret as standard input'
complete -c lockwise-env -n '__lockwise_env_uses run' -l mask -d 'Hide secrets in the output'
complete -c lockwise-env -n '__lockwise_env_uses run; and not __lockwise_env_assigns' \
    -a '(__fish_complete_subcommand --fcs-skip=2)'

complete -c lockwise-env -n '__lockwise_env_uses inject' -r -F -s i -l input -d 'Read a template from a file'
complete -c lockwise-env -n '__lockwise_env_uses inject' -r -F -s o -l output -d 'Replace a file'
complete -c lockwise-env -n '__lockwise_env_uses inject' -x -l mode -d 'Set the permissions of the file'
complete -c lockwise-env -n '__lockwise_env_uses read' -s n -l no-newline -d 'Print no line feeds'
complete -c lockwise-env -n '__lockwise_env_uses read' -l null -d 'Print NUL bytes, not line feeds'
complete -c lockwise-env -n '__lockwise_env_uses read' -a '(__lockwise_env_references short)'
complete -c lockwise-env -n '__lockwise_env_uses check' -r -F -s i -l input -d 'Check a template'
complete -c lockwise-env -n '__lockwise_env_uses hook' -a 'bash zsh fish'
