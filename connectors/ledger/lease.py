"""Leases: one holder at a time, with a fence that tells a late holder from the present one.

Owns who may work alone. Time here is the machine's own: ``CHISO_NOW`` may hold the calendar still, but
a lease on a clock that stands would never run out.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from connectors.ledger.engine import LedgerUnreachableError, reading, writing
from connectors.ledger.tables import lease as leases
from indicator_specs.errors import PlainError


class LeaseHeldError(PlainError):
    """Another process holds it. The message says which and until when."""


class LeaseLostError(Exception):
    """Somebody else holds it by now: whoever sees this must stop writing."""


@dataclass(frozen=True)
class Lease:
    """A held lease. ``fence`` grows by one with every holder."""

    engine: Engine
    name: str
    holder: str
    fence: int

    def check(self, connection: Connection | None = None) -> None:
        """Make sure that it is still ours, in ``connection``'s transaction if one is given.

        Raises:
            LeaseLostError: it is not.
        """
        if connection is None:
            with reading(self.engine) as view:
                self.check(view)
            return
        fence = connection.scalar(select(leases.c.fence).where(leases.c.name == self.name))
        if fence != self.fence:
            raise LeaseLostError(f"lease {self.name!r}: our fence is {self.fence}, the present one is {fence}")

    def renew(self, ttl: float) -> None:
        """Hold it for ``ttl`` seconds from now.

        Raises:
            LeaseLostError: it is no longer ours.
        """
        with writing(self.engine) as connection:
            self.check(connection)
            _hold_until(connection, self, _now() + timedelta(seconds=ttl))


_HELD: set[tuple[str, str, int]] = set()
"""Ledger, name and fence of what a block of this process holds. What the ledger has in our name beyond that could not
be given back: nobody need wait for it."""


@contextmanager
def held(engine: Engine, name: str, ttl: float) -> Iterator[Lease]:
    """Take ``name``, renew it in the background, give it back at the end. See ``Ledger.lease``."""
    lease = _take(engine, name, ttl)
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(lease, ttl, done), name=f"lease-{name}", daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        done.set()
        keeper.join()
        _HELD.discard(_mark(lease))
        _give_back(lease)


def _take(engine: Engine, name: str, ttl: float) -> Lease:
    first, until, lease = Lease(engine, name, _myself(), 1), _now() + timedelta(seconds=ttl), None
    try:
        with writing(engine) as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).mappings().one_or_none()
            lease = first if row is None else _after(row, first)
            _HELD.add(_mark(lease))  # before anybody else can read it
            if row is None:
                connection.execute(insert(leases).values(name=name, holder=lease.holder, fence=1, expires_at=until))
            else:
                _hold_until(connection, lease, until)
    except BaseException:
        if lease is not None:
            _HELD.discard(_mark(lease))
        raise
    return lease


def _after(row: RowMapping, lease: Lease) -> Lease:
    """The lease with the fence that follows what the ledger holds, if nobody holds it now."""
    last = replace(lease, holder=row["holder"], fence=row["fence"])
    is_left = _is_dead(last.holder) or (last.holder == lease.holder and _mark(last) not in _HELD)
    if row["expires_at"] > _now() and not is_left:
        raise LeaseHeldError(
            f"{lease.name}: tiến trình khác đang giữ ({last.holder}) đến {row['expires_at'].isoformat()}. / "
            f"{lease.name}: held by another process ({last.holder}) until {row['expires_at'].isoformat()}."
        )
    return replace(lease, fence=last.fence + 1)


def _hold_until(connection: Connection, lease: Lease, until: datetime) -> None:
    connection.execute(
        update(leases)
        .where(leases.c.name == lease.name)
        .values(holder=lease.holder, fence=lease.fence, expires_at=until)
    )


def _keep(lease: Lease, ttl: float, done: threading.Event) -> None:
    while not done.wait(ttl / 3):
        try:
            lease.renew(ttl)
        except LedgerUnreachableError:
            continue  # the holder meets it too; it may answer again before the lease runs out
        except LeaseLostError:
            return  # the holder meets the same answer at its next check or commit


def _give_back(lease: Lease) -> None:
    """Let the next one in. The row stays, so that the fence goes on growing."""
    with writing(lease.engine) as connection:
        connection.execute(
            update(leases)
            .where(leases.c.name == lease.name, leases.c.fence == lease.fence)
            .values(expires_at=datetime.fromtimestamp(0, UTC))
        )


def _mark(lease: Lease) -> tuple[str, str, int]:
    return str(lease.engine.url), lease.name, lease.fence


def _now() -> datetime:
    return datetime.now(UTC)


def _myself() -> str:
    return f"{_machine()} pid {os.getpid()} started {_started(os.getpid())}"


def _is_dead(holder: str) -> bool:
    """Whether ``holder`` was a process of this machine, since this start of it, that is no more."""
    machine, _, process = holder.partition(" pid ")
    number, _, started = process.partition(" started ")
    return machine == _machine() and _started(int(number)) != started


def _machine() -> str:
    """This machine, this start of it and this process namespace: process numbers mean nothing beyond."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    if not boot.exists() or not namespace.exists():
        return f"{socket.gethostname()}/unknown"
    return f"{socket.gethostname()}/{boot.read_text().strip()}/{os.readlink(namespace)}"  # noqa: PTH115


def _started(process: int) -> str:
    """When a process started, in the kernel's ticks; ``none`` where there is no such process."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return "none"
    return status.rpartition(")")[2].split()[19]
