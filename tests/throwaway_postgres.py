"""``python -m tests.throwaway_postgres COMMAND…``: run COMMAND with DATABASE_URL naming a PostgreSQL made for it.

The cluster lives in a temporary folder, is reached by a port of loopback that was free, and is gone afterwards.
Started by root it runs as ``nobody``, because PostgreSQL refuses root. Without its programs one line says what to
install, and the exit code is 0 (1 with REQUIRE_ALL=1).
"""

import contextlib
import glob
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

TAKEN = set()  # the ports that this process was given


def programs():
    """The folder of initdb and pg_ctl, or None."""
    found = shutil.which("initdb")
    places = [os.path.dirname(found)] if found else sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    return next((place for place in places if os.path.exists(f"{place}/initdb")), None)


def free_port():
    """A port below those that the system gives to connections. Each worker of a test run has 1,500 of its own and takes none twice:
    what one was told is free, no other server takes before it has started."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw7").removeprefix("gw")) % 8
    while True:
        port = 20_000 + 1500 * worker + random.SystemRandom().randrange(1500)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in TAKEN:
                TAKEN.add(port)
                return port


def unprivileged():
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if os.getuid() == 0 else {}


@contextlib.contextmanager
def cluster(bin_folder):
    """A running cluster; yields its DATABASE_URL."""
    folder = tempfile.mkdtemp(prefix="portal-postgres-")
    as_whom = unprivileged()
    if as_whom:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, as_whom["group"])
    data, port = f"{folder}/data", free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"

    def call(program, *args):
        subprocess.run([f"{bin_folder}/{program}", *args], check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_whom)

    try:
        call("initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        call("pg_ctl", "-D", data, "-l", f"{folder}/log", "-w", "-o", options, "start")
        yield f"postgres://portal@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            call("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main(command):
    bin_folder = programs()
    if bin_folder is None:
        print("PostgreSQL was not tested: its programs are missing (Debian: apt install postgresql)")
        return int(os.environ.get("REQUIRE_ALL") == "1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(bin_folder) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
