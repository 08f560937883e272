"""Give the machine what the tests need beside Python: a browser, a Chinese font, PostgreSQL and MariaDB.

What is installed but stopped is started; what is missing is installed, both only as root on Debian. Elsewhere this
says what is missing, and the tests that need it are skipped with the reason (or fail, with CI=true).
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.environment import browser_path, chinese_font, mariadb_url, postgres_url

START_SECONDS = 30
APT = ["apt-get", "-qq", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"]


@dataclass(frozen=True)
class Need:
    """One thing the tests need: how to look for it and the Debian package that brings it."""

    name: str
    look: Callable[[], str | None]
    package: str


@dataclass(frozen=True)
class Server(Need):
    """A need that has to run: the program that shows it is installed, and how it is started."""

    program: str
    start: Callable[[], None]


def run(*command: str) -> bool:
    """Run a command; on failure show what it said."""
    if shutil.which(command[0]) is None:
        print(f"  {command[0]} is not on this machine")
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        print(f"  {' '.join(command)}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.returncode == 0


def start_postgres() -> None:
    """Start every PostgreSQL cluster that is down."""
    listing = subprocess.run(["pg_lsclusters", "--no-header"], capture_output=True, text=True, check=False).stdout
    for version, name, _port, status, *_ in map(str.split, listing.splitlines()):
        if status == "down":
            run("pg_ctlcluster", "--skip-systemctl-redirect", version, name, "start")


def start_mariadb() -> None:
    """Start the MariaDB server; its socket's folder is missing where no init system made it."""
    run("install", "-d", "-o", "mysql", "-g", "mysql", "/run/mysqld")
    run(
        "start-stop-daemon", "--start", "--oknodo", "--background", "--exec", "/usr/sbin/mariadbd", "--", "--user=mysql"
    )


NEEDS = (
    Need("browser", browser_path, "chromium"),
    Need("Chinese font", chinese_font, "fonts-noto-cjk"),
    Server("PostgreSQL", postgres_url, "postgresql", "pg_lsclusters", start_postgres),
    Server("MariaDB", mariadb_url, "mariadb-server", "mariadbd", start_mariadb),
)


def missing(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Look anew for each; a server that was not there may have come up meanwhile."""
    postgres_url.cache_clear()
    mariadb_url.cache_clear()
    return tuple(need for need in needs if need.look() is None)


def start(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Start the installed servers among these and give what is still missing when they had time to come up."""
    servers = tuple(need for need in needs if isinstance(need, Server) and shutil.which(need.program))
    for server in servers:
        server.start()
    deadline = time.monotonic() + START_SECONDS
    while missing(servers) and time.monotonic() < deadline:
        time.sleep(0.5)
    return missing(needs)


def install(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Install the packages of these, start what they brought, and give what is still missing."""
    packages = [need.package for need in needs]
    print(f"Installing {', '.join(packages)} …", flush=True)
    new_postgres = "postgresql" in packages and shutil.which("pg_lsclusters") is None
    run(*APT, "update")
    run(*APT, "install", "--yes", "--no-install-recommends", *packages)
    if new_postgres and shutil.which("pg_lsclusters"):
        start_postgres()
        # a new server lets in only its own account; through its socket this one may then create databases
        run("runuser", "-u", "postgres", "--", "createuser", "--superuser", "root")
    return start(needs)


def main() -> None:
    """Provide what can be provided and say what was found."""
    os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    lacking = missing(NEEDS)
    root = os.name == "posix" and os.geteuid() == 0
    if lacking and root:
        lacking = start(lacking)
    if lacking and root and shutil.which("apt-get"):
        lacking = install(lacking)
    for need in NEEDS:
        print(f"{need.name}: {'missing' if need in lacking else need.look()}")
    if lacking:
        packages = " ".join(need.package for need in lacking)
        print(f"Tests that need what is missing are skipped. On Debian: sudo apt-get install {packages}")


if __name__ == "__main__":
    main()
