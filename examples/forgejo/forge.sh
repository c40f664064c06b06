#!/bin/sh
# What a forge keeps for a pull request: the saved plan, by the files it is for, and one comment that is
# updated. The plan holds no secret.
#
#   forge.sh keep FILE      keeps a plan for these very files
#   forge.sh fetch FILE     fetches the plan that was kept for these very files
#   forge.sh comment FILE   comments on the pull request, or updates the comment of an earlier run
set -eu

api="${GITHUB_SERVER_URL:?}/api"
repository="${GITHUB_REPOSITORY:?}"

forge() { # METHOD PATH [curl's words]
    method=$1 path=$2
    shift 2
    # The token is read from standard input: a process list does not show it.
    printf 'header = "Authorization: token %s"\n' "${FORGE_TOKEN:?}" |
        curl --silent --show-error --fail --config - --request "$method" "$api$path" "$@"
}

plans() { # FILE
    tree=$(git rev-parse 'HEAD^{tree}')
    printf '/packages/%s/generic/stackctl-plan/%s/%s' "${repository%%/*}" "$tree" "$1"
}

comments="/v1/repos/$repository/issues"

case ${1-} in
keep)
    # A plan for the same files that was kept before gives way.
    forge DELETE "$(plans "$2")" >/dev/null 2>&1 || true
    forge PUT "$(plans "$2")" --upload-file "$2"
    ;;
fetch)
    forge GET "$(plans "$2")" --output "$2"
    ;;
comment)
    mark=$(head -n 1 "$2")
    earlier=$(forge GET "$comments/${PULL_REQUEST:?}/comments" |
        jq --arg mark "$mark" 'map(select(.body | startswith($mark))) | last | .id // empty')
    body=$(mktemp)
    jq --raw-input --slurp '{body: .}' "$2" >"$body"
    if [ -n "$earlier" ]; then
        forge PATCH "$comments/comments/$earlier" --json "@$body" >/dev/null
    else
        forge POST "$comments/$PULL_REQUEST/comments" --json "@$body" >/dev/null
    fi
    rm -f "$body"
    ;;
*)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac
