# Completion of lockwise-pass for fish.
#
# contrib/install installs it. If the program is called pass, link it as pass.fish into ~/.config/fish/completions.

# Prints the names of all entries. A locked vault has none, and nothing is asked or pulled.
function __lockwise_pass_names
    set -l program lockwise-pass
    command -q $program; or set program (commandline -opc)[1]
    # fish 3 takes a * or ? in the current word for a wildcard, even if it is quoted.
    set -l token (commandline -ct)
    set -l word ''
    string match -qr '[*?]' -- $token
    and set word (string unescape -- $token; or string unescape -- $token\'; or string unescape -- $token\")
    LOCKWISE_NO_PROMPT=1 LOCKWISE_PULL_INTERVAL=0 command $program ls --flat 2>/dev/null </dev/null |
        LC_ALL=C word="$word" awk 'BEGIN { word = ENVIRON["word"] } substr($0, 1, length(word)) == word'
end

# Prints the names of all entries and folders.
function __lockwise_pass_names_and_folders
    __lockwise_pass_names | awk '
        {
            print
            for (start = 0; slash = index(substr($0, start + 1), "/"); start += slash) {
                folder = substr($0, 1, start + slash)
                if (!(folder in seen)) print folder
                seen[folder]
            }
        }'
end

# Prints the arguments before the current one.
function __lockwise_pass_arguments
    set -l words (commandline -opc)
    set -e words[1]
    test "$words[1]" = lockwise; and set -e words[1]
    string join -- \n $words
end

set -g __lockwise_pass_commands show ls list find search grep insert add edit generate rm delete remove mv rename \
    cp copy otp tail history audit pick shadow sync git init help version

# Returns whether no command was typed yet.
function __lockwise_pass_needs_command
    test (count (__lockwise_pass_arguments)) -eq 0
end

# Returns whether the command is one of these; `show` runs if no command is named.
function __lockwise_pass_uses
    set -l words (__lockwise_pass_arguments)
    set -l command show
    contains -- "$words[1]" $__lockwise_pass_commands; and set command $words[1]
    contains -- $command $argv
end

# Returns whether the command is `otp` with one of these; `code` runs if none is named.
function __lockwise_pass_uses_otp
    set -l words (__lockwise_pass_arguments)
    test "$words[1]" = otp; or return
    set -l command code
    contains -- "$words[2]" insert add append uri validate help version; and set command $words[2]
    contains -- $command $argv
end

set -l command (string replace -r '\.fish$' '' (status basename))
set -l first __lockwise_pass_needs_command

complete -c $command -f
complete -c $command -n $first -a show -d 'Print an entry'
complete -c $command -n $first -a ls -d 'List the names'
complete -c $command -n $first -a find -d 'List the entries that match names'
complete -c $command -n $first -a grep -d 'Search all entries'
complete -c $command -n $first -a insert -d 'Save a password that you type'
complete -c $command -n $first -a edit -d 'Change an entry in your editor'
complete -c $command -n $first -a generate -d 'Save a random password'
complete -c $command -n $first -a rm -d 'Delete an entry or a folder'
complete -c $command -n $first -a mv -d 'Rename an entry or a folder'
complete -c $command -n $first -a cp -d 'Copy an entry or a folder'
complete -c $command -n $first -a otp -d 'Print a one-time code'
complete -c $command -n $first -a tail -d 'Print an entry without its password'
complete -c $command -n $first -a history -d 'List the former passwords of an entry'
complete -c $command -n $first -a audit -d 'Report reused, weak and old passwords'
complete -c $command -n $first -a pick -d 'Select an entry in a menu'
complete -c $command -n $first -a shadow -d "Run a program that expects pass's folder of files"
complete -c $command -n $first -a sync -d 'Pull and push'
complete -c $command -n $first -a git -d 'Run lockwise-sync pull, push or status'
complete -c $command -n $first -a init -d 'Check that an account is signed in'
complete -c $command -n $first -a help -d 'Show the help'
complete -c $command -n $first -a version -d 'Show the version'

set -l names '__lockwise_pass_uses show edit tail history'
complete -c $command -n $names -a '(__lockwise_pass_names)'
set -l folders '__lockwise_pass_uses ls list insert add generate rm delete remove mv rename cp copy audit'
complete -c $command -n $folders -a '(__lockwise_pass_names_and_folders)'

set -l show '__lockwise_pass_uses show'
complete -c $command -n $show -s c -l clip -d 'Copy a line to the clipboard'
complete -c $command -n $show -s q -l qrcode -d 'Draw a line as a QR code'
complete -c $command -n $show -l window -d 'Show the QR code in a window'
complete -c $command -n $show -s o -l password -d 'Print the password only'
complete -c $command -n $show -x -l field -a 'login url otp' -d 'Print one field'
complete -c $command -n $show -l json -d 'Print the entry as JSON'

complete -c $command -n '__lockwise_pass_uses ls list' -l flat -d 'Print one full name per line'
complete -c $command -n '__lockwise_pass_uses ls list find search grep' -l json -d 'Print the names as JSON'

set -l insert '__lockwise_pass_uses insert add'
complete -c $command -n $insert -s e -l echo -d 'Show the password while you type it'
complete -c $command -n $insert -s m -l multiline -d 'Read the whole entry from standard input'
complete -c $command -n $insert -l json -d 'Read password and notes as JSON'
complete -c $command -n $insert -s f -l force -d 'Do not ask before an entry is overwritten'
complete -c $command -n $insert -l free -d 'Save an entry that belongs to no site'

set -l generate '__lockwise_pass_uses generate'
complete -c $command -n $generate -s n -l no-symbols -d 'Use letters and digits only'
complete -c $command -n $generate -x -l words -d 'Make a password of this many words'
complete -c $command -n $generate -s c -l clip -d 'Copy the password to the clipboard'
complete -c $command -n $generate -s q -l qrcode -d 'Draw the password as a QR code'
complete -c $command -n $generate -l window -d 'Show the QR code in a window'
complete -c $command -n $generate -s i -l in-place -d 'Replace the password of an entry that exists'
complete -c $command -n $generate -s f -l force -d 'Do not ask before a password is replaced'

set -l remove '__lockwise_pass_uses rm delete remove'
complete -c $command -n $remove -s r -l recursive -d 'Delete a folder'
complete -c $command -n $remove -s f -l force -d 'Delete without asking'
complete -c $command -n '__lockwise_pass_uses mv rename cp copy' -s f -l force \
    -d 'Do not ask before an entry is overwritten'

complete -c $command -n '__lockwise_pass_uses otp; and test (count (__lockwise_pass_arguments)) -eq 1' \
    -a 'code\t"Print a one-time code" insert\t"Save a URI" append\t"Save a URI in an entry that exists" uri\t"Print the URI" validate\t"Check a URI"'
set -l code '__lockwise_pass_uses_otp code'
complete -c $command -n '__lockwise_pass_uses_otp code insert add append uri' -a '(__lockwise_pass_names)'
complete -c $command -n '__lockwise_pass_uses_otp code uri' -s c -l clip -d 'Copy to the clipboard'
complete -c $command -n $code -l qrcode -d 'Draw the code as a QR code'
complete -c $command -n '__lockwise_pass_uses_otp uri' -s q -l qrcode -d 'Draw the URI as a QR code'
complete -c $command -n '__lockwise_pass_uses_otp code uri' -l window -d 'Show the QR code in a window'
complete -c $command -n $code -s q -l quiet -d 'Do not print how long the code is valid'
complete -c $command -n $code -l next -d 'Print the next code'
complete -c $command -n $code -x -l at -d 'Print the code at another time'
set -l otp_insert '__lockwise_pass_uses_otp insert add append'
complete -c $command -n $otp_insert -s f -l force -d 'Do not ask before a URI is replaced'
complete -c $command -n $otp_insert -s e -l echo -d 'Show what is typed'
complete -c $command -n $otp_insert -s s -l secret -d 'Make the URI of a secret'
complete -c $command -n $otp_insert -x -s i -l issuer -d 'Issuer of the URI'
complete -c $command -n $otp_insert -x -s a -l account -d 'Account of the URI'

complete -c $command -n '__lockwise_pass_uses history' -s s -l show -d 'Print the former passwords'
set -l audit '__lockwise_pass_uses audit'
complete -c $command -n $audit -x -l older -d 'Report passwords not changed for this many days'
complete -c $command -n $audit -r -F -l breached -d 'Report passwords in this list'
complete -c $command -n $audit -l json -d 'Print the report as JSON'
set -l pick '__lockwise_pass_uses pick'
complete -c $command -n $pick -s c -l clip -d 'Copy to the clipboard'
complete -c $command -n $pick -l type -d 'Type into the window that has the focus'
complete -c $command -n $pick -l print -d 'Print to standard output'
complete -c $command -n $pick -l otp -d 'Use the one-time code'
complete -c $command -n '__lockwise_pass_uses shadow' -a '(__fish_complete_subcommand --fcs-skip=2)'
complete -c $command -n '__lockwise_pass_uses git; and test (count (__lockwise_pass_arguments)) -eq 1' \
    -a 'init pull push status'
complete -c $command -n '__lockwise_pass_uses init' -x -s p -l path -d Ignored
