"""What people read on the dashboards is in the words of the glossary."""

import re

import pytest

from indicator_specs.home import PROJECT

HERE = PROJECT / "superset_config"
FILES = sorted(
    [
        *HERE.glob("datasets/*.yml"),
        *HERE.glob("dashboards/*.yml"),
        *HERE.glob("brand/*.html"),
        *HERE.glob("i18n/**/*.po"),
    ]
)
# The words that the field does not use for these ideas, or that are too familiar for an official text.
NEVER = [
    "bạn",
    "hạn chót",
    "biên lai",
    "từ chối",
    "phát hiện",
    "bản phát hành",
    "nhớ lại",
    "tệ nhất",
    "độ đo",
    "phân rã",
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_word_that_the_field_does_not_use(path: object) -> None:
    text = str(path.read_text("utf-8")).lower()  # type: ignore[attr-defined]
    assert [word for word in NEVER if re.search(rf"(?<!\w){word}(?!\w)", text)] == []


def test_every_message_of_the_catalogue_is_translated() -> None:
    text = (HERE / "i18n/vi/LC_MESSAGES/messages.po").read_text("utf-8")
    messages = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert len(messages) > 350
    assert len(set(messages)) == len(messages)
    assert 'msgstr ""\n\n' not in text
