# shellcheck shell=bash
# Functions that the scripts in this folder share. Source it; it changes to the repository's root.
# It has to run in Bash 3.2 (macOS).

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root" || exit

# The version of mdBook that builds the book, set here and nowhere else. MDBOOK_VERSION=latest uses the newest.
mdbook_version=${MDBOOK_VERSION:-0.5.4}
unset MDBOOK_VERSION # mdBook reads variables of this form as its own settings

# distance A B: sets $distance to the number of letters to insert, delete, replace or swap with their
# neighbour that turn A into B.
distance() {
    local a=$1 b=$2 i j cost best
    local rows=$((${#a} + 1)) columns=$((${#b} + 1))
    local table=()
    for ((i = 0; i < rows; i++)); do
        for ((j = 0; j < columns; j++)); do
            if ((i == 0 || j == 0)); then
                table[i * columns + j]=$((i + j))
                continue
            fi
            cost=1
            [ "${a:i-1:1}" != "${b:j-1:1}" ] || cost=0
            best=$((table[(i - 1) * columns + j - 1] + cost))
            cost=$((table[(i - 1) * columns + j] + 1))
            ((cost >= best)) || best=$cost
            cost=$((table[i * columns + j - 1] + 1))
            ((cost >= best)) || best=$cost
            if ((i > 1 && j > 1)) && [ "${a:i-1:1}${a:i-2:1}" = "${b:j-2:1}${b:j-1:1}" ]; then
                cost=$((table[(i - 2) * columns + j - 2] + 1))
                ((cost >= best)) || best=$cost
            fi
            table[i * columns + j]=$best
        done
    done
    distance=${table[rows * columns - 1]}
}

# near DISTANCE WORD: whether a word at this distance is likely to be meant. A third of the letters may be wrong, and one
# always may.
near() {
    (($1 <= 1 || 3 * $1 <= ${#2}))
}

# say_unknown SCRIPT ARGUMENT OPTION...: prints an error with the nearest option, and exits with status 2.
say_unknown() {
    local script=$1 argument=$2 option word meant='' least=99 distance=0
    shift 2
    word=$(printf %s "${argument%%=*}" | tr '[:upper:]' '[:lower:]')
    while [ "${word#-}" != "$word" ]; do word=${word#-}; done
    for option in "$@"; do
        case ${option#--} in
        "$word"*) distance=0 ;; # the option cut short
        *)
            case $word in
            "${option#--}"*) distance=0 ;; # the option and more
            *) distance "$word" "${option#--}" ;;
            esac
            ;;
        esac
        if [ -n "$word" ] && ((distance < least)); then least=$distance meant=$option; fi
    done
    if [ -n "$meant" ] && near "$least" "$word"; then
        echo "$script: unknown argument '$argument'; did you mean $meant?" >&2
    else
        echo "$script: unknown argument '$argument'; see $script --help" >&2
    fi
    exit 2
}

# need_mdbook: sets $mdbook to a program of that version, and installs it under target/tools if there is none.
need_mdbook() {
    local tools="$root/target/tools" wanted="=$mdbook_version"
    if [ "$mdbook_version" = latest ]; then
        tools=$tools/latest wanted='*' # cargo checks whether the newest is installed already
    else
        for mdbook in mdbook "$tools/bin/mdbook"; do
            case $("$mdbook" --version 2>/dev/null) in
            "mdbook v$mdbook_version") return ;;
            esac
        done
    fi
    echo "Installing mdBook ($mdbook_version) under target/tools; this takes 1 to 5 minutes, once"
    # Unoptimised, it compiles in half the time, and still builds this book in a second.
    CARGO_PROFILE_DEV_DEBUG=0 PATH=$tools/bin:$PATH cargo install mdbook --version "$wanted" \
        --locked --debug --root "$tools" --target-dir "$tools/build" || return
    rm -rf "$tools/build"
    mdbook=$tools/bin/mdbook
}

# name_of FOLDER: prints the package's name, which is the folder's without its number: `pool` for `crates/01-pool`.
name_of() {
    local name=${1#crates/}
    echo "${name#[0-9][0-9]-}"
}

# say_no_package SCRIPT THINGS PACKAGE: prints an error with the nearest package in $known, or else all of them, and
# exits with status 2.
say_no_package() {
    local script=$1 things=$2 package=$3 folder word name meant='' least=99 distance=0
    word=$(printf %s "${package%/}" | tr '[:upper:]_' '[:lower:]-')
    word=$(name_of "${word#crates/}")
    for folder in "${known[@]}"; do
        name=$(name_of "$folder")
        case $name in
        "$word"*) distance=0 ;; # the name cut short
        *) distance "$word" "$name" ;;
        esac
        if [ -n "$word" ] && ((distance < least)); then least=$distance meant=$name; fi
    done
    if [ -n "$meant" ] && near "$least" "$word"; then
        echo "$script: '$package' has no $things; did you mean $meant?" >&2
    else
        echo "$script: '$package' has no $things; these packages do:" >&2
        for folder in "${known[@]}"; do echo "  $(name_of "$folder")" >&2; done
    fi
    exit 2
}

# choose SCRIPT THINGS PACKAGE...: sets $folders to the folders in $known that the packages name, each once. `pool`,
# `01-pool` and `crates/01-pool` name the same one.
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
        if [ $found = no ]; then say_no_package "$script" "$things" "$package"; fi
    done
}
