#!/usr/bin/env bash
# Installs the servers the tests talk to, on Debian and Ubuntu, as root or with passwordless sudo. It starts no service,
# now or at the next boot, and removes no package. Where it cannot install it prints the one line to run and succeeds:
# the tests of a missing server are skipped by its name (with CI=true they fail).
set -euo pipefail

readonly policy=/usr/sbin/policy-rc.d
readonly no_cluster=/etc/postgresql-common/createcluster.d/deskd-tests.conf
readonly units=(dovecot.service dovecot.socket prometheus.service prometheus-alertmanager.service postgresql.service opensmtpd.service)
made=()

has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null; }

missing_packages() {
    has dovecot || echo dovecot-imapd
    [[ -x /usr/lib/dovecot/lmtp || -x /usr/libexec/dovecot/lmtp ]] || echo dovecot-lmtpd
    has prometheus && has promtool || echo prometheus
    { has alertmanager || has prometheus-alertmanager; } && has amtool || echo prometheus-alertmanager
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || has initdb || echo postgresql
    [[ -e /usr/sbin/sendmail ]] || echo opensmtpd # any other MTA stays
}

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

# Why this machine's packages are left alone; empty where they may be installed.
hindrance() {
    if [[ -n ${NO_INSTALL:-} ]]; then
        echo "NO_INSTALL is set"
    elif ! has apt-get || ! grep -qsE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; then
        echo "this is neither Debian nor Ubuntu"
    elif ((EUID != 0)) && ! { has sudo && sudo -n true 2>/dev/null; }; then
        echo "this is not root, and sudo asks for a password"
    elif [[ -e $policy ]] && { as_root "$policy" dovecot start >/dev/null 2>&1 || (($? != 101)); }; then
        echo "$policy lets services start"
    fi
}

make_file() { # path, mode; the content on standard input
    [[ ! -e $1 ]] || return 0
    made+=("$1")
    as_root mkdir -p "$(dirname "$1")" && as_root tee "$1" >/dev/null && as_root chmod "$2" "$1"
}

clean_up() { [[ ${#made[@]} -eq 0 ]] || as_root rm -f "${made[@]}"; }

known_units() { # those of ours that exist already
    for unit in "${units[@]}"; do
        [[ ! -e /lib/systemd/system/$unit ]] || echo "$unit"
    done
}

install_without_starting() {
    trap clean_up EXIT
    make_file "$policy" 755 <<<$'#!/bin/sh\nexit 101'
    has pg_createcluster || make_file "$no_cluster" 644 <<<"create_main_cluster = false"
    local before unit
    before=$(known_units)
    local apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -o DPkg::Lock::Timeout=120)
    as_root "${apt[@]}" update
    as_root "${apt[@]}" install --yes --no-install-recommends --no-remove "$@"
    for unit in $(known_units); do
        grep -qxF "$unit" <<<"$before" || ! has systemctl || as_root systemctl --quiet disable "$unit"
    done
}

mapfile -t packages < <(missing_packages)
if ((${#packages[@]} == 0)); then
    exit 0
fi
line="apt-get install --no-install-recommends ${packages[*]}"
why=$(hindrance)
if [[ -n $why ]]; then
    echo "Test servers are missing and not installed, as $why. On Debian or Ubuntu, as root: $line"
    exit 0
fi
echo "Installing test servers (none is started): ${packages[*]}"
set +e # not `if ! ( ... )`, which would let it go on after a step that failed
(set -e && install_without_starting "${packages[@]}")
(($? == 0)) || echo "That failed. By hand, as root: $line"
exit 0
