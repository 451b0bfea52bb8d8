"""A lease whose ledger goes away: it is renewed once that answers, and who could not give it back waits for nobody."""

import time

import pytest

from connectors.ledger import Lease, LeaseHeldError, Ledger, LedgerUnreachableError, lease
from indicator_specs.home import Home


def gone(*_: object) -> None:
    raise LedgerUnreachableError("does not answer")


def test_what_could_not_be_given_back_is_taken_again_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(home) as ledger:
        with monkeypatch.context() as outage, pytest.raises(LedgerUnreachableError), ledger.lease("worker"):
            outage.setattr(lease, "_give_back", gone)
        with ledger.lease("worker") as again:
            assert again.fence == 2
            with pytest.raises(LeaseHeldError), ledger.lease("worker"):
                pass
            with pytest.raises(LeaseHeldError), Ledger.open(home) as other, other.lease("worker"):
                pass
            again.check()


def test_what_another_process_could_not_give_back_runs_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(home) as ledger:
        with monkeypatch.context() as outage, pytest.raises(LedgerUnreachableError), ledger.lease("worker", ttl=0.3):
            outage.setattr(lease, "_give_back", gone)
        monkeypatch.setattr(lease, "_myself", lambda: "elsewhere/unknown pid 1 started 1")
        with pytest.raises(LeaseHeldError), ledger.lease("worker"):
            pass
        time.sleep(0.3)
        with ledger.lease("worker") as taken:
            assert taken.fence == 2


def test_a_lease_is_renewed_once_the_ledger_answers_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    renew, refused = Lease.renew, list[str]()

    def twice_in_vain(held: Lease, ttl: float) -> None:
        if len(refused) < 2:
            refused.append(held.name)
            gone()
        renew(held, ttl)

    monkeypatch.setattr(Lease, "renew", twice_in_vain)
    with Ledger.open(home) as ledger, ledger.lease("worker", ttl=0.6):
        time.sleep(1.0)
        assert refused == ["worker", "worker"]
        with pytest.raises(LeaseHeldError), ledger.lease("worker"):
            pass
