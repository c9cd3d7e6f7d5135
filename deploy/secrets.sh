#!/bin/sh
# Makes the secrets that compose.yaml mounts, once: what is there already stays.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets  # nobody else of this machine gets in; inside, each container's user may read its own

keep() {
    [ -s "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"
    chmod 444 "secrets/$1"
}
word() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

keep postgres_password "$(word)"
keep redis_password "$(word)"
keep grafana_password "$(word)"
keep tandem_postgres "postgresql://tandem:$(cat secrets/postgres_password)@postgres/tandem"
keep tandem_redis "redis://:$(cat secrets/redis_password)@redis/0"
