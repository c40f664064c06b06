# Does one thing and notes it in a file of stackctl's own, or says why not. The file is there as it was or as it
# will be, never in between. Begins only with the last line of what is sent.

encode() { printf '%s' "$1" | base64 | tr -d '\n'; }
decode() { printf '%s' "$1" | base64 -d; }
plain() { printf '%s' "$1" | tr -s '[:space:]' ' ' | sed 's/^ //; s/ $//'; }
digest() { if [ -e "$1" ]; then sha256sum <"$1" | cut -d ' ' -f 1; else printf none; fi; }

fail() { # KIND MESSAGE
    printf '%s %s\n' "$1" "$(encode "$2")"
    exit 0
}

sysctl_now() { # PATH VALUE
    [ -e "$1" ] || fail refused "the kernel has no ${1#/proc/sys/}"
    { printf '%s\n' "$2" >"$1"; } 2>/dev/null || fail refused "the kernel refuses the value $2"
    now=$(plain "$(cat "$1")")
    [ "$now" = "$(plain "$2")" ] || fail refused "the kernel made $now of $2"
}

install_now() {
    if command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        said=$(apt-get install -y -q --no-install-recommends -- "$1" 2>&1) ||
            said=$(apt-get update -q 2>&1 && apt-get install -y -q --no-install-recommends -- "$1" 2>&1)
    elif command -v dnf >/dev/null 2>&1; then
        said=$(dnf install -y -q -- "$1" 2>&1)
    elif command -v zypper >/dev/null 2>&1; then
        said=$(zypper --non-interactive install -- "$1" 2>&1)
    elif command -v apk >/dev/null 2>&1; then
        said=$(apk add -q -- "$1" 2>&1)
    elif command -v pacman >/dev/null 2>&1; then
        said=$(pacman -S --noconfirm --needed -- "$1" 2>&1)
    else
        said="no package manager that stackctl knows"
        false
    fi || fail refused "it cannot be installed: $(printf '%s' "$said" | tail -n 3)"
}

step() { # KIND NAME VALUE
    case $1 in
        sysctl) sysctl_now "$2" "$3" ;;
        load) said=$(modprobe -- "$2" 2>&1) || fail refused "it cannot be loaded: $said" ;;
        install) install_now "$2" ;;
        enable)
            said=$(systemctl enable --now -- "$2" 2>&1) || fail refused "it does not start: $said"
            [ "$(systemctl is-active -- "$2" 2>&1)" = active ] || fail refused "it started and is not active"
            ;;
        *) ;;
    esac
}

# What arrives may have been cut short on the way: only what is whole takes the old file's place.
put() { # PATH AFTER CONTENT
    if [ "$2" = none ]; then
        said=$(rm -f -- "$1" 2>&1) || fail refused "$said"
        return
    fi
    mkdir -p -- "$(dirname -- "$1")"
    # What an earlier connection left when it broke.
    rm -f -- "$1".??????
    new=$(mktemp -- "$1.XXXXXX" 2>&1) || fail refused "$new"
    trap 'rm -f -- "$new"' EXIT
    said=$({ decode "$3" >"$new" && chmod 644 "$new" && { sync "$new" 2>/dev/null || sync; }; } 2>&1) || fail refused "$said"
    [ "$(digest "$new")" = "$2" ] || fail refused "the file did not arrive whole"
    said=$(mv -f -- "$new" "$1" 2>&1) || fail refused "$said"
}

main() { # STEP NAME VALUE PATH BEFORE AFTER CONTENT
    LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    export LC_ALL PATH
    echo stackctl
    path=$(decode "$4")
    if [ -n "$path" ]; then
        now=$(digest "$path")
        [ "$now" = "$5" ] || [ "$now" = "$6" ] || fail moved "$path was changed since it was looked at"
    fi
    step "$1" "$(decode "$2")" "$(decode "$3")"
    if [ -n "$path" ]; then put "$path" "$6" "$7"; fi
    echo end
}

