#!/bin/sh
# check_compose.sh ROOT: docker-compose accepts ROOT/docker-compose.yml, and the file keeps what ARCHITECTURE.md promises:
# read-only roots, no capabilities to speak of, and each process's secrets in its own container alone. Exit 77 (skipped)
# without docker-compose.
set -eu

root=${1:?check_compose.sh ROOT}
if ! command -v docker-compose >/dev/null 2>&1; then
    echo "docker-compose is not installed"
    exit 77
fi
cd "$root"
docker-compose config -q
# docker-compose itself is written in Python and needs this library.
docker-compose config 2>/dev/null | python3 -c '
import sys, yaml

wrong = []
services = yaml.safe_load(sys.stdin)["services"]
allowed = {"IPC_LOCK": ("vault-", "keys-")}
makes = ("database", "prepare", "operator")

def secrets_of(service):
    return {str(v).split(":")[0] for v in service.get("volumes", []) if str(v).startswith("secrets-")}

for name, service in services.items():
    if service.get("read_only") is not True:
        wrong.append(f"{name}: its root is not read-only")
    if service.get("cap_drop") != ["ALL"]:
        wrong.append(f"{name}: it does not drop all capabilities")
    if service.get("privileged") or service.get("pid") or service.get("network_mode") == "host":
        wrong.append(f"{name}: it is not contained")
    if "no-new-privileges:true" not in service.get("security_opt", []):
        wrong.append(f"{name}: it may gain privileges")
    if name in makes:
        continue
    for capability in service.get("cap_add", []):
        if not name.startswith(allowed.get(capability, ())):
            wrong.append(f"{name}: it is given {capability}")
    if service.get("user", "root") in ("root", "0"):
        wrong.append(f"{name}: it runs as root")
    if secrets_of(service) != (set() if name.startswith("clean-") else {f"secrets-{name}"}):
        wrong.append(f"{name}: its secrets are not its own alone")
    if name.startswith(("keys-", "clean-")) and service.get("network_mode") != "none":
        wrong.append(f"{name}: it has a network")
    if name.startswith("clean-") and not any(f"/run/{name}/work:" in mount and "noexec" in mount for mount in service.get("tmpfs", [])):
        wrong.append(f"{name}: what it works on is not in memory")
    if "healthcheck" not in service:
        wrong.append(f"{name}: nobody checks its health")

rooms = {"intake", "sms", "console"} | {f"{k}-{d}" for k in ("vault", "keys", "clean") for d in ("usual", "safeguarding", "oversight")}
wrong += [f"{name}: there is no such service" for name in sorted(rooms - set(services))]
print("\n".join(wrong))
sys.exit(bool(wrong))
'
if grep -q '^name:' docker-compose.yml; then
    echo "docker-compose 1.29 refuses a top-level name"
    exit 1
fi
