# Tells what is asked about this machine; changes nothing. For each thing KIND, the lengths of its name and value in
# bytes, and both: nothing in them can be taken for anything else. Few programs are started, since a small machine
# takes long for each. Begins only with the last line of what is sent.

say() { printf '%s %s %s\n%s%s\n' "$1" "${#2}" "${#3}" "$2" "$3"; }

setting() { # KEY FILE
    # The kernel tells a setting to who reads all of it at once, which a shell's own read does not.
    if [ -r "$2" ]; then say sysctl "$1" "$(cat "$2" 2>/dev/null)"; fi
}

# Dots and slashes change places, unless the first of them is a slash.
below_proc() {
    case ${1#"${1%%[./]*}"} in
        /*) printf '%s' "$1" ;;
        *) printf '%s' "$1" | tr './' '/.' ;;
    esac
}

is_installed() {
    if command -v dpkg-query >/dev/null 2>&1; then
        [ "$(dpkg-query -W -f '${db:Status-Status}' -- "$1" 2>/dev/null)" = installed ]
    elif command -v rpm >/dev/null 2>&1; then
        rpm -q --quiet -- "$1" 2>/dev/null
    elif command -v apk >/dev/null 2>&1; then
        apk info -e -- "$1" >/dev/null 2>&1
    elif command -v pacman >/dev/null 2>&1; then
        pacman -Q -- "$1" >/dev/null 2>&1
    else
        return 1
    fi
}

module() { # NAME FOLDER
    if [ -e "/sys/module/$2/initstate" ]; then
        say module "$1" loaded
    elif [ -d "/sys/module/$2" ]; then
        say module "$1" built-in
    fi
}

device() {
    [ -e "$1" ] || return 0
    say device "$1" "$(stat -L -c %g -- "$1")"
    place=$(stat -L -c '%t:%T' -- "$1")
    link="/sys/dev/char/$((0x${place%:*})):$((0x${place#*:}))/device/driver"
    if [ -e "$link" ]; then say driver "$1" "$(basename "$(readlink "$link")")"; fi
}

has_systemd() { command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ]; }

service() {
    say active "$1" "$(systemctl is-active -- "$1" 2>/dev/null)"
    say enabled "$1" "$(systemctl is-enabled -- "$1" 2>/dev/null)"
}

multipath() {
    if pgrep -x multipathd >/dev/null 2>&1; then
        say multipath - "$(cat /etc/multipath.conf /etc/multipath/conf.d/*.conf 2>/dev/null)"
    fi
}

# One line for each instance that a process holds: its user, and how many watches it has.
inotify() {
    for open in /proc/[0-9]*/fd/*; do
        [ "$(readlink "$open" 2>/dev/null)" = anon_inode:inotify ] || continue
        process=${open%/fd/*}
        say inotify "$(stat -c %u "$process" 2>/dev/null)" "$(grep -c '^inotify' "$process/fdinfo/${open##*/}" 2>/dev/null)"
    done
}

files() {
    for path in /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf \
        /lib/sysctl.d/*.conf /etc/sysctl.conf /etc/modules-load.d/*.conf /usr/lib/modules-load.d/*.conf \
        /etc/modules; do
        if [ -f "$path" ] && [ -r "$path" ]; then
            text=$(cat "$path" && printf .)
            say file "$path" "${text%.}"
        fi
    done
}

one() { # KIND NAME MORE
    case $1 in
        sysctl) setting "$2" "$3" ;;
        own) sed -n 's/^\([^#;=]*[^#;= ]\) *=.*/\1/p' "$2" 2>/dev/null | while read -r key; do
            setting "$key" "/proc/sys/$(below_proc "$key")"
        done ;;
        module) module "$2" "$3" ;;
        package) if is_installed "$2" || { [ -n "$3" ] && command -v -- "$3" >/dev/null 2>&1; }; then
            say package "$2" installed
        fi ;;
        service) if has_systemd; then service "$2"; fi ;;
        device) device "$2" ;;
        multipath) multipath ;;
        inotify) inotify ;;
        *) ;;
    esac
}

main() {
    LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    export LC_ALL PATH
    echo stackctl
    say system - "$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null | tr -d '"')"
    if [ "$(id -u)" = 0 ]; then
        say root - yes
    else
        refusal=$(sudo -n true 2>&1) || say refused - "$(id -un): ${refusal:-sudo refuses}"
    fi
    if has_systemd; then say systemd - yes; fi
    say mounts - "$(cat /proc/self/mounts)"
    files
    printf '%s' "$1" | base64 -d | while IFS='|' read -r kind name more; do
        one "$kind" "$name" "$more"
    done
    echo end
}

