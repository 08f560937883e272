"""The set-up says in one sentence what is wrong and what to do."""

import os
import socket
import subprocess

import pytest

from tests.environment import ROOT
from tools.port import problem


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    return str(number)


def test_a_free_port_is_no_problem(free_port):
    assert problem("127.0.0.1", free_port) is None


def test_a_taken_port_is_named_with_a_way_out(taken_port):
    assert (problem("127.0.0.1", taken_port) or "").startswith(f"Port {taken_port} on 127.0.0.1 is taken")


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "８５０１"])
def test_a_port_is_a_number_in_its_range(port):
    assert (problem("127.0.0.1", port) or "").startswith("PORT must be a number from 1 to 65535")


def test_an_unknown_host_is_named():
    assert "“nowhere.invalid”" in (problem("nowhere.invalid", "8501") or "")


def test_an_old_python_is_refused_in_one_sentence(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\n[ $1 = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n")
    old.chmod(0o755)
    command = ["/bin/sh", str(ROOT / "tools" / "venv.sh")]
    environment = {"PATH": os.environ["PATH"], "PYTHON": str(old)}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.split(". ")[0]) == (
        1,
        "Guanxi needs Python 3.11 or newer, and this machine has Python 3.9.2",
    )
