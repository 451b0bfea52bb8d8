"""A virus scanner's word on a file, before anything reads it.

The scanner is the operator's: ``CHISO_VIRUS_SCANNER`` names a program that is called with the path of our own copy
and answers as clamscan does: exit code 0 clean, 1 infected. Where none is named, nothing is scanned.
"""

import os
import shlex
import subprocess
from pathlib import Path

VARIABLE = "CHISO_VIRUS_SCANNER"
_SECONDS = 120


def infection(path: Path) -> str:
    """What the scanner found in a file; empty where it is clean or no scanner is named.

    Raises:
        OSError: the scanner cannot be run, takes too long, or does not answer yes or no. The file waits; it is never
            taken for clean.
    """
    command = os.environ.get(VARIABLE)
    if not command:
        return ""
    try:
        answer = subprocess.run(
            [*shlex.split(command), str(path)], capture_output=True, timeout=_SECONDS, check=False, text=True
        )
    except subprocess.TimeoutExpired as reason:
        raise OSError(f"{VARIABLE}: no answer within {_SECONDS} s") from reason
    if answer.returncode not in (0, 1):
        raise OSError(f"{VARIABLE}: exit code {answer.returncode}")
    lines = answer.stdout.strip().splitlines()
    said = lines[0].replace(str(path), "").strip(" :") if lines else ""
    return (said or "?")[:80] if answer.returncode else ""
