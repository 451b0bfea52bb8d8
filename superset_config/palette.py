"""The colours of this installation. A colour never speaks alone: every painted cell also says it in words."""

from typing import Any

# Strong for bars and lines; light behind black words.
RED, AMBER, GREY, PALE, GREEN, BLUE, VIOLET = (
    "#D9534F",
    "#F0AD4E",
    "#8E99A8",
    "#C9CFD6",
    "#4CAF79",
    "#5B9BD5",
    "#7E57C2",
)
LIGHT = {
    RED: "#F4A6A1",
    AMBER: "#FAD390",
    GREY: "#C5CCD6",
    PALE: "#E6E9ED",
    GREEN: "#A6DDB9",
    BLUE: "#B4D3F0",
    VIOLET: "#E2D7F5",
}

# Words as the marts write them (architecture: Marts).
LIGHTS = {
    "Chậm tiến độ": RED,
    "Có nguy cơ chậm": AMBER,
    "Chưa đủ cơ sở đánh giá": GREY,
    "Chưa có số liệu": PALE,
    "Đạt tiến độ": GREEN,
    "Theo dõi xu hướng": BLUE,
}
LIGHT_COUNTS = {
    "n_behind": RED,
    "n_at_risk": AMBER,
    "n_not_assessable": GREY,
    "n_no_data": PALE,
    "n_on_track": GREEN,
    "n_watch": BLUE,
}
STATES = {
    "missing": RED,
    "returned": RED,
    "partial": AMBER,
    "late": AMBER,
    "on_time": GREEN,
    "not_due": PALE,
}
SUBMISSION_COUNTS = {
    "n_missing_files": RED,
    "n_returned": RED,
    "n_partial": AMBER,
    "n_late": AMBER,
    "n_on_time": GREEN,
    "n_not_due": PALE,
}
VERDICTS = {"Lệch quá mức cho phép": AMBER, "Trong mức cho phép": GREEN}
SYNTHETIC = "Số liệu giả lập"
SERIES = {
    "Giá trị": "#1F5FA8",
    "Giá trị (số liệu giả lập)": VIOLET,
    "Mức cần đạt": AMBER,
    "Chỉ tiêu": GREEN,
}
LABELS = {**LIGHTS, **SERIES}


def rules(paint: tuple[str, ...], state_words: dict[str, str]) -> list[dict[str, Any]]:
    """Superset's conditional formatting for the named kinds of cell, in a fixed order.

    Args:
        paint: which kinds of cell the chart has.
        state_words: the Vietnamese word of each submission state.
    """
    found: list[dict[str, Any]] = []
    for kind in paint:
        match kind:
            case "lights":
                found += [_word("light_vi", word, colour) for word, colour in LIGHTS.items()]
            case "states":
                found += [_word("state_vi", state_words[state], colour) for state, colour in STATES.items()]
            case "verdicts":
                found += [_word("verdict_vi", word, colour) for word, colour in VERDICTS.items()]
            case "provenance":
                found.append(_word("provenance_vi", SYNTHETIC, VIOLET))
            case "light_counts":
                found += [_positive(metric, colour) for metric, colour in LIGHT_COUNTS.items()]
            case "submission_counts":
                found += [_positive(metric, colour) for metric, colour in SUBMISSION_COUNTS.items()]
    return found


def _word(column: str, word: str, colour: str) -> dict[str, Any]:
    return {"column": column, "operator": "=", "targetValue": word, "colorScheme": LIGHT[colour], "useGradient": False}


def _positive(metric: str, colour: str) -> dict[str, Any]:
    return {"column": metric, "operator": ">", "targetValue": 0, "colorScheme": LIGHT[colour], "useGradient": False}
