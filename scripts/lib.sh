# shellcheck shell=bash
# What the scripts beside this file share. Source it; it moves to the repository's root.
# Bash 3.2 (macOS) must understand it.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root" || exit

# The one place that says which mdBook the book is built with. MDBOOK_VERSION=latest: the newest.
mdbook_version=${MDBOOK_VERSION:-0.5.4}
unset MDBOOK_VERSION # mdBook takes variables of this form as its own settings

# say_unknown SCRIPT ARGUMENT OPTION...: names the option that was probably meant; status 2.
say_unknown() {
    local script=$1 argument=$2 option meant= start=$2
    shift 2
    while [ "${start#-}" != "$start" ]; do start=${start#-}; done
    start=$(printf %.2s "$start")
    for option in "$@"; do
        case ${option#--} in
        "$start"*) meant=$option ;;
        esac
    done
    if [ -n "$meant" ]; then
        echo "$script: unknown argument '$argument'; did you mean $meant?" >&2
    else
        echo "$script: unknown argument '$argument'; see $script --help" >&2
    fi
    exit 2
}

# need_mdbook: sets $mdbook to one of the wanted version, and installs it under target/tools if need be.
need_mdbook() {
    local tools="$root/target/tools" wanted="=$mdbook_version"
    if [ "$mdbook_version" = latest ]; then
        tools=$tools/latest wanted='*' # cargo itself sees whether the newest is there already
    else
        for mdbook in mdbook "$tools/bin/mdbook"; do
            case $("$mdbook" --version 2>/dev/null) in
            "mdbook v$mdbook_version") return ;;
            esac
        done
    fi
    echo "Installing mdBook ($mdbook_version) under target/tools, once; it takes 1 to 5 minutes"
    # Unoptimised: it compiles in half the time, and builds this book in a second all the same.
    CARGO_PROFILE_DEV_DEBUG=0 PATH=$tools/bin:$PATH cargo install mdbook --version "$wanted" \
        --locked --debug --root "$tools" --target-dir "$tools/build" || return
    rm -rf "$tools/build"
    mdbook=$tools/bin/mdbook
}

# A package has its folder's name without the number; `pool`, `01-pool` and `crates/01-pool` are one.
name_of() {
    local name=${1#crates/}
    echo "${name#[0-9][0-9]-}"
}

# choose SCRIPT THINGS PACKAGE...: sets $folders to those of $known that are meant, each once.
choose() {
    local script=$1 things=$2 package folder found
    shift 2
    folders=()
    for package; do
        found=no
        for folder in "${known[@]}"; do
            case ${package%/} in
            "$folder" | "${folder#crates/}" | "$(name_of "$folder")")
                found=yes
                case " ${folders[*]-} " in
                *" $folder "*) continue ;; # named twice
                esac
                folders+=("$folder")
                ;;
            esac
        done
        if [ $found = no ]; then
            echo "$script: '$package' has no $things; these have:" >&2
            for folder in "${known[@]}"; do echo "  $(name_of "$folder")" >&2; done
            exit 2
        fi
    done
}
