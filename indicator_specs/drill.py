"""Crash drills: named points at which a process can be made to die as if the power went."""

import os
import signal

ANY = "*"
"""Stands for every point."""

_passed: dict[str, int] = {}


def point(name: str) -> None:
    """Die here by SIGKILL if ``CHISO_DRILL`` names this point; otherwise do nothing.

    ``received`` is the first passing of that point, ``received@3`` the third, ``*@17`` the seventeenth passing of any.
    """
    asked = os.environ.get("CHISO_DRILL")
    if not asked:
        return
    wanted, _, nth = asked.partition("@")
    if wanted in (name, ANY):
        _passed[wanted] = _passed.get(wanted, 0) + 1
        if _passed[wanted] == int(nth or 1):
            os.kill(os.getpid(), signal.SIGKILL)
