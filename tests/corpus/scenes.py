"""What happens around files: two of one name, the same twice, one that is still being copied, a closed period."""

import os
from datetime import UTC, datetime
from pathlib import Path

from connectors.intake.attachments import folder_of
from connectors.ledger import State
from pipelines.submissions.locks import lock, unlock
from pipelines.submissions.standing import Line as Report
from tests import forms
from tests.corpus.line import HELD, PARTLY, RETURNED, TAKEN
from tests.corpus.stage import Act, Answer, Scene, Stage
from tests.old_forms import old_form
from tests.reporting import ONE_ROW
from tests.workbooks import PERIOD

DUPLICATE = State.DUPLICATE
INFECTED = "TRÙNG MẪU MÃ ĐỘC"
"""What the scanner of the scenes takes for malware."""
_NAMES = (
    "-rf.xlsx",
    "bao\ncao.xlsx",
    "\u202excod.xlsx",
    "CON.xlsx",
    "a" * 250 + ".xlsx",
    "ba\u0301o ca\u0301o 🙂.xlsx",
)
_TEMPORARY = ("~$bao_cao.xlsx", ".bao_cao.part", "bao_cao.xlsx.filepart", "a.crdownload", "Thumbs.db", ".DS_Store")
_PDF = b"%PDF-1.7 a scanned letter"


def dropped(name: str = "bao_cao.xlsx", **cells: object) -> Act:
    """The agency's form under a name."""
    return lambda stage: stage.drop(name, stage.form(**cells))


def _half(stage: Stage) -> None:
    whole = stage.form()
    stage.drop("bao_cao.xlsx", whole[: len(whole) // 2])


def _rest(stage: Stage) -> None:
    whole = stage.form()
    with (stage.folder / "bao_cao.xlsx").open("ab") as file:
        file.write(whole[len(whole) // 2 :])


def _temporary(stage: Stage) -> None:
    for name in _TEMPORARY:
        stage.drop(name, b"x")
    stage.drop("rong.xlsx", b"")


def _links(stage: Stage) -> None:
    secret = stage.here.home.root / "secret"
    secret.write_bytes(stage.form())
    (stage.folder / "lien_ket.xlsx").symlink_to(secret)
    (stage.folder / "lien_ket_cung.xlsx").hardlink_to(secret)
    os.mkfifo(stage.folder / "ong.xlsx")


def _odd_names(stage: Stage) -> None:
    for number, name in enumerate(_NAMES):
        stage.drop(name, stage.form(I14=f"lần {number}"))


def _names_of_one_share(stage: Stage) -> None:
    stage.drop("BaoCao.xlsx", stage.form())
    stage.drop("baocao.xlsx", stage.form(E14=101))
    stage.drop("baocao.xlsx ", stage.form(E14=102))


def _two_versions(stage: Stage) -> None:
    """The clock of the sender says that the second is the older one."""
    stage.drop("b.xlsx", stage.form(E14=101))
    os.utime(stage.drop("a.xlsx", stage.form(E14=102)), (0, 0))


def _share_gone(stage: Stage) -> None:
    stage.folder.rename(stage.here.home.root / "away")


def _share_back(stage: Stage) -> None:
    (stage.here.home.root / "away").rename(stage.here.home.intake / stage.agency)
    stage.drop("bao_cao.xlsx", stage.form(E14=101))


def _infected(stage: Stage) -> None:
    stage.drop("bao_cao.xlsx", stage.form() + INFECTED.encode())


def _of_another(stage: Stage) -> None:
    stage.drop("bao_cao.xlsx", stage.form("P01"))


def _strange_clocks(stage: Stage) -> None:
    for year, name in ((1970, "a.xlsx"), (2099, "b.xlsx")):
        moment = datetime(year, 1, 1, tzinfo=UTC).timestamp()
        os.utime(stage.drop(name, stage.form(I14=f"{year}")), (moment, moment))


def _communes(stage: Stage, **evidence: bytes) -> None:
    folder = folder_of(stage.here.home, stage.agency, "BM-XA-01", PERIOD)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in evidence.items():
        (folder / f"{name}.pdf").write_bytes(content)
    forms.xlsx(stage.folder / f"xa_{len(evidence)}.xlsx", stage.agency, n_rows=5 + len(evidence))


def _report(stage: Stage) -> Report:
    return Report(ONE_ROW, PERIOD, stage.agency)


def _lock_and_send(stage: Stage) -> None:
    lock(stage.here.ledger, _report(stage), "Trần B", "hết hạn")
    stage.drop("sua.xlsx", stage.form(E14=120))


def _unlock(stage: Stage) -> None:
    unlock(stage.here.ledger, _report(stage), "Trần B", "công văn 12")


def _old(stage: Stage) -> Path:
    return old_form(stage.folder / "cu.xlsx", stage.agency, without="H13")


_CHANGED = "ô thay đổi"
SCENES = (
    Scene("A01", "tệp chép dở dang rồi chép xong", (_half, _rest), (Answer("bao_cao.xlsx", TAKEN),)),
    Scene(
        "A02",
        "tệp tạm, tệp hệ thống, tệp 0 byte vừa tạo",
        (_temporary,),
        left=(
            "~$bao_cao.xlsx",
            ".bao_cao.part",
            "bao_cao.xlsx.filepart",
            "a.crdownload",
            "Thumbs.db",
            ".DS_Store",
            "rong.xlsx",
        ),
    ),
    Scene("A17", "liên kết, liên kết cứng, ống dẫn", (_links,), held=("hard_link", "not_a_file", "symlink")),
    Scene("A18", "tên tệp lạ", (_odd_names,), tuple(Answer(name, TAKEN) for name in _NAMES)),
    Scene(
        "A19",
        "tên chỉ khác chữ hoa, chữ thường, dấu cách cuối",
        (_names_of_one_share,),
        (
            Answer("BaoCao.xlsx", TAKEN),
            Answer("baocao.xlsx", TAKEN, "resubmitted", _CHANGED),
            Answer("baocao.xlsx ", TAKEN, "resubmitted", _CHANGED),
        ),
    ),
    Scene(
        "A20",
        "gửi lại đúng tệp cũ dưới tên khác",
        (dropped("a.xlsx"), dropped("b.xlsx")),
        (Answer("a.xlsx", TAKEN), Answer("b.xlsx", DUPLICATE)),
    ),
    Scene(
        "A21",
        "gửi lại với một ô thay đổi",
        (dropped(), dropped(E14=101)),
        (Answer("bao_cao.xlsx", TAKEN), Answer("bao_cao.xlsx", TAKEN, "resubmitted", "1 ô thay đổi")),
    ),
    Scene(
        "A22",
        "hai bản cùng lúc, đồng hồ máy gửi nói ngược",
        (_two_versions,),
        (Answer("b.xlsx", TAKEN), Answer("a.xlsx", TAKEN, "resubmitted", "E14 101 → 102")),
    ),
    Scene(
        "A25",
        "thư mục chia sẻ mất rồi có lại",
        (dropped(), _share_gone, _share_back),
        (Answer("bao_cao.xlsx", TAKEN), Answer("bao_cao.xlsx", TAKEN, "resubmitted", _CHANGED)),
        out_of_reach=1,
    ),
    Scene(
        "A28",
        "tệp có mã độc",
        (_infected,),
        (Answer("bao_cao.xlsx", HELD, "E-FILE-INFECTED", "mã độc"),),
        held=("PTN",),
    ),
    Scene(
        "A29",
        "tệp của đơn vị khác trong thư mục",
        (_of_another,),
        (Answer("bao_cao.xlsx", RETURNED, "E-STAMP-AGENCY", "đơn vị khác"),),
    ),
    Scene(
        "A30",
        "đồng hồ máy gửi ở năm 1970, năm 2099",
        (_strange_clocks,),
        (Answer("a.xlsx", TAKEN), Answer("b.xlsx", TAKEN)),
    ),
    Scene(
        "A33",
        "minh chứng: không có, 0 byte, sai loại, đủ",
        (
            _communes,
            lambda stage: _communes(stage, rong=b"", gia=b"<html>"),
            lambda stage: _communes(stage, rong=b"", gia=b"<html>", cong_van=_PDF),
        ),
        (
            Answer("xa_0.xlsx", PARTLY, "evidence_missing", "minh_chung/"),
            Answer("xa_2.xlsx", PARTLY, "evidence_unusable"),
            Answer("xa_3.xlsx", TAKEN, "evidence_unusable"),
        ),
    ),
    Scene(
        "B11",
        "kỳ đã khoá, rồi được mở",
        (dropped(), _lock_and_send, _unlock),
        (
            Answer("bao_cao.xlsx", TAKEN),
            Answer("sua.xlsx", RETURNED, "period_closed", "hàng chờ"),
            Answer("sua.xlsx", TAKEN, "resubmitted", _CHANGED),
        ),
    ),
    Scene(
        "B21",
        "biểu phiên bản cũ, thiếu cột của bản hiện hành",
        (_old,),
        (Answer("cu.xlsx", RETURNED, "E-FORM-VERSION", "điền sẵn"),),
        made=("bieu-moi-2026-10.xlsx",),
    ),
)
