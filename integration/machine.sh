#!/bin/sh
# A machine with a real sshd and, where FOLDER/systemd is there, a real systemd, in namespaces of its own: an address,
# a host name, a graphics device, limits of inotify that are its own files; what is written below /etc, /usr and /var
# goes to FOLDER. Lives until its standard input ends.
#
# machine.sh NAME FOLDER NUMBER
#
# FOLDER holds what it is made with: host_key, authorized_keys, inotify/, module/.
set -eu
name=$1 folder=$2 number=$3

if [ "${4:-}" != inside ]; then
    space="stackctl-$number"
    inner="10.254.$((number / 64)).$((number % 64 * 4 + 2))"
    outer="10.254.$((number / 64)).$((number % 64 * 4 + 1))"
    group="/sys/fs/cgroup/systemd/$space"
    clean() {
        ip netns del "$space" 2>/dev/null || true
        ip link del "sc$number" 2>/dev/null || true
        find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    }
    clean
    trap clean EXIT
    ip netns add "$space"
    ip link add "sc$number" type veth peer name eth0 netns "$space"
    ip address add "$outer/30" dev "sc$number"
    ip link set "sc$number" up
    ip -n "$space" address add "$inner/30" dev eth0
    ip -n "$space" link set eth0 up
    ip -n "$space" link set lo up
    # A group of its own, so that its systemd is at the top of what it sees.
    if [ -e "$folder/systemd" ]; then mkdir -p "$group"; fi
    sh -c 'if [ -d "$1" ]; then echo $$ >"$1/cgroup.procs"; fi; shift; exec "$@"' - "$group" \
        ip netns exec "$space" unshare --mount --uts --ipc --pid --cgroup --fork --kill-child --mount-proc \
        sh "$0" "$name" "$folder" "$number" inside </dev/null &
    cat >/dev/null
    kill -9 $! 2>/dev/null || true
    wait
    exit
fi

hostname "$name"
mount --make-rprivate /
for tree in etc usr var; do
    mkdir -p "$folder/$tree" "$folder/scratch/$tree"
    mount -t overlay overlay -o "lowerdir=/$tree,upperdir=$folder/$tree,workdir=$folder/scratch/$tree" "/$tree"
done
mkdir -p "$folder/dev/dri" "$folder/dev/pts" "$folder/dev/shm" "$folder/home"
mount --bind "$folder/home" /home
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd /run/machine
mount --bind "$folder" /run/machine
folder=/run/machine
# systemd empties /tmp when it comes up.
mount -t tmpfs tmpfs /tmp
for device in null zero random urandom tty; do
    touch "$folder/dev/$device"
    mount --bind "/dev/$device" "$folder/dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$folder/dev/pts"
ln -s pts/ptmx "$folder/dev/ptmx"
ln -s /proc/self/fd "$folder/dev/fd"
mount -t tmpfs -o mode=755 tmpfs "$folder/dev/dri"
mknod -m 660 "$folder/dev/dri/renderD128" c 226 128
chgrp 993 "$folder/dev/dri/renderD128"
mount --rbind "$folder/dev" /dev
mount --bind "$folder/inotify" /proc/sys/fs/inotify
mount --bind "$folder/module" /sys/module

printf "%s\n" "$name" >/etc/hostname
printf '127.0.0.1 localhost %s\n' "$name" >/etc/hosts
rm -rf /etc/sysctl.d /etc/sysctl.conf /etc/modules-load.d /etc/modules
mkdir /etc/sysctl.d /etc/modules-load.d
for user in ops guest; do
    useradd --create-home --password '*' --shell /bin/bash "$user"
done
printf 'ops ALL=(root) NOPASSWD: ALL\n' >/etc/sudoers.d/ops
chmod 440 /etc/sudoers.d/ops
cat >/etc/ssh/test_config <<END
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
PrintMotd no
END
if [ ! -e "$folder/systemd" ]; then
    exec /usr/sbin/sshd -D -e -f /etc/ssh/test_config 2>"$folder/sshd.log"
fi
mount -t tmpfs tmpfs /sys/fs/cgroup
mkdir /sys/fs/cgroup/systemd
mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
rm -rf /etc/systemd/system/*.wants
cat >/etc/systemd/system/login.target <<END
[Unit]
Requires=basic.target login.service
END
cat >/etc/systemd/system/login.service <<END
[Service]
RuntimeDirectory=sshd
ExecStart=/usr/sbin/sshd -D -e -f /etc/ssh/test_config
END
container=stackctl exec /lib/systemd/systemd --unit=login.target --log-target=console
