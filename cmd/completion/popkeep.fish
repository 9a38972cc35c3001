# fish completion for popkeep; the program itself knows what may come next.
function __popkeep_complete
    set -l words (commandline -opc)
    set -l current (commandline -cto)
    for line in ($words[1] complete $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path $current
            case :directories
                __fish_complete_directories $current
            case '*'
                echo $line
        end
    end
end
complete -c popkeep -f -a '(__popkeep_complete)'
