"""Look for known weaknesses in the pinned packages, where the list of weaknesses can be reached."""

import subprocess
import sys
import tempfile
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "constraints.txt"
PATIENCE = 120

# Weaknesses that do not touch this app: their number, and why.
ACCEPTED: dict[str, str] = {}


def audit(pins: Path) -> subprocess.CompletedProcess[str]:
    """Run pip-audit over a file of exact pins."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(pins), "--no-deps", "--disable-pip"]
    command += ["--timeout", "5", "--progress-spinner", "off"]
    for number in ACCEPTED:
        command += ["--ignore-vuln", number]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)


def reachable() -> bool:
    """Ask for one package first: offline, and behind a mirror that knows no weaknesses, the answer is no."""
    line = next(line for line in PINS.read_text(encoding="utf-8").splitlines() if "==" in line)
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.txt"
        one.write_text(line, encoding="utf-8")
        answer = audit(one)
    return "Skip Reason" not in answer.stdout and "Traceback" not in answer.stderr


def main() -> int:
    """Print what was found; 1 when a pinned package has a known weakness."""
    try:
        if not reachable():
            print("Audit skipped: the list of known weaknesses cannot be reached from here.")
            return 0
        answer = audit(PINS)
    except subprocess.TimeoutExpired:
        print("Audit skipped: the list of known weaknesses did not answer in time.")
        return 0
    if "Traceback" in answer.stderr:
        print("Audit skipped: the list of known weaknesses stopped answering.")
        return 0
    print(answer.stdout or "No known weaknesses in the pinned packages.")
    return answer.returncode


if __name__ == "__main__":
    sys.exit(main())
