# bash completion for popkeep; the program itself knows what may come next.
_popkeep() {
    local word line cur quoted=''
    local -a words=() candidates=() paths=()
    # bash takes words apart at "=", ":" and "@"; the program wants them whole.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if [[ ${#words[@]} -gt 0 && ( $word == [=:@]* || ${words[-1]} == *[=:@] ) ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
    done
    cur=${words[-1]}
    if [[ $cur == [\"\']* ]]; then
        quoted=1 cur=${cur:1}
    else
        # Without -r, read takes the backslashes away.
        IFS= read cur <<< "$cur"
    fi
    words[-1]=$cur
    # What bash leaves as it stands: an "@" itself belongs to what is replaced.
    local breaks=${COMP_WORDBREAKS//[!=:@]/}
    local cut=${cur%"${cur##*["$breaks"]}"} file=${cur##*=}
    cut=${cut%@}
    while IFS= read -r line; do
        case $line in
        :files) mapfile -t paths < <(compgen -f -- "$file") ;;
        :directories) mapfile -t paths < <(compgen -d -- "$file") ;;
        *)
            word=${line%%$'\t'*}
            candidates+=("${word#"$cut"}")
            # More is to be typed behind after: or keep:
            [[ $word == *: ]] && compopt -o nospace
            ;;
        esac
    done < <("$1" complete "${words[@]}" 2>/dev/null)
    candidates+=("${paths[@]#"${cut##*=}"}")
    if [[ ${#paths[@]} -gt 0 ]]; then
        # Then bash quotes by itself.
        compopt -o filenames
    elif [[ ! $quoted && ${#candidates[@]} -gt 0 ]]; then
        mapfile -t candidates < <(printf '%q\n' "${candidates[@]}")
    fi
    COMPREPLY=("${candidates[@]}")
}
complete -F _popkeep popkeep
