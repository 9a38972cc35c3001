#compdef popkeep
# zsh completion for popkeep; the program itself knows what may come next.
_popkeep() {
    local line
    local -a described
    local -a given=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    while IFS= read -r line; do
        case $line in
        :files) _files ;;
        :directories) _files -/ ;;
        *) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        esac
    done < <("$words[1]" complete "${given[@]}" 2>/dev/null)
    [[ ${#described} -eq 0 ]] || _describe popkeep described
}
# Sourced, it defines; found in $fpath, it is called.
if [[ ${funcstack[1]} == _popkeep ]]; then _popkeep "$@"; else compdef _popkeep popkeep; fi
