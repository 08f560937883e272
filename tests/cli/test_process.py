"""What only a process of its own shows: exit codes, a pipe that closes, Ctrl+C, a language."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine

COMMAND = [sys.executable, "-m", "crm_data"]


@pytest.mark.slow
def test_a_reader_that_has_heard_enough_is_no_error(demo_engine: Engine):
    with subprocess.Popen(
        [*COMMAND, "kpi", "revenue", "--from", "2023-07-01", "--rows"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
    assert (process.returncode, complaints) == (0, b"")


@pytest.mark.slow
def test_ctrl_c_ends_with_one_sentence(engine: Engine):
    with subprocess.Popen(
        [*COMMAND, "user", "add", "li.na", "--role", "sales"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"LANG": "C", "LC_ALL": "C"},
    ) as process:
        _wait_for_the_database(process.pid)
        process.send_signal(signal.SIGINT)
        out, complaints = process.communicate()
    assert (process.returncode, out) == (1, b"")
    assert complaints.decode().strip() == "Stopped. What was not finished was not written."


@pytest.mark.slow
def test_exit_codes_reach_the_shell(engine: Engine):
    codes = [
        subprocess.run([*COMMAND, *argv], capture_output=True, check=False).returncode
        for argv in (["routes"], ["undo", "999"], ["dance"])
    ]
    assert codes == [0, 1, 2]


@pytest.mark.slow
def test_two_servers_that_start_at_once_plant_one_demo_company(tmp_path: Path):
    folder = os.environ | {"CRM_DATA_DIR": str(tmp_path / "shared")}
    command = [*COMMAND, "init", "--demo-if-new", "--json"]
    servers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=folder) for _ in range(2)]
    answers = [json.loads(server.communicate()[0]) for server in servers]
    assert [server.returncode for server in servers] == [0, 0]
    assert sorted(answer["demo_rows"] > 0 for answer in answers) == [False, True]


def _wait_for_the_database(pid: int) -> None:
    """Wait until a process has opened the database and then asks for what is typed."""
    until = time.monotonic() + 60
    while time.monotonic() < until and not any("guanxi.db" in name for name in _open_files(pid)):
        time.sleep(0.1)
    time.sleep(1)


def _open_files(pid: int) -> list[str]:
    found = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.append(str(handle.readlink()))
    return found
