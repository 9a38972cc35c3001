# bash completion for popkeep; the program itself knows what may come next.
_popkeep() {
    local word line cur
    local -a words=() candidates=()
    # bash takes words apart at "=" and ":"; the program wants them whole.
    for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
        if [[ ${#words[@]} -gt 0 && ( $word == [=:]* || ${words[-1]} == *[=:] ) ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
    done
    cur=${words[-1]}
    local cut=${cur%"${cur##*[=:]}"} file=${cur##*=}
    while IFS= read -r line; do
        case $line in
        :files)
            compopt -o filenames
            mapfile -t -O "${#candidates[@]}" candidates < <(compgen -f -- "$file")
            ;;
        :directories)
            compopt -o filenames
            mapfile -t -O "${#candidates[@]}" candidates < <(compgen -d -- "$file")
            ;;
        *)
            word=${line%%$'\t'*}
            candidates+=("${word#"$cut"}")
            # More is to be typed behind after: or keep:
            [[ $word == *: ]] && compopt -o nospace
            ;;
        esac
    done < <("$1" complete "${words[@]}" 2>/dev/null)
    COMPREPLY=("${candidates[@]}")
}
complete -F _popkeep popkeep
