"""What sources do wrong, line by line, with the tests that prove what then happens.

The page for engineers, ``docs/source-faults.md``, is made of it: ``python -m tests.source_faults`` writes it.
"""

from dataclasses import dataclass
from pathlib import Path

DATABASE, LIVE, CONTRACTS = (
    "integration/test_database_faults.py",
    "integration/test_live_sources.py",
    "unit/test_contracts.py",
)
OWNERS, MODES = "integration/test_source_faults.py", "integration/test_pull_modes.py"
REST, HOSTILE, RESUMED = (f"integration/test_rest_{name}.py" for name in ("faults", "hostile", "resumed"))
CREDENTIALS, TLS, SHAPES = (f"integration/test_rest_{name}.py" for name in ("credentials", "tls", "shapes"))
AGAIN, SDMX, PAGING = (
    "integration/test_pull_tried_again.py",
    "integration/test_sdmx_source.py",
    "unit/test_rest_paging.py",
)
POSTGRES, MARIADB = "integration/test_postgres_source.py", "integration/test_mariadb_source.py"
ACCEPTANCE, JSON = "integration/test_acceptance.py", "unit/test_strict_json.py"


@dataclass(frozen=True)
class Fault:
    """A line of the catalogue: the fault, what then happens, and its proofs (``file::test`` below ``tests/``)."""

    id: str
    what: str
    then: str
    proofs: tuple[str, ...]


FAULTS = (
    Fault(
        "C01",
        "The connection breaks in the middle, stays open in silence, or is ended by the administrator",
        "a new connection, four times within a minute; silence ends at the limit; no half of a result is kept; a "
        "service is gone on with from its last page",
        (
            f"{DATABASE}::test_a_connection_that_breaks_once_is_made_anew_and_nothing_is_doubled",
            f"{DATABASE}::test_a_connection_that_always_breaks_is_told_and_leaves_nothing",
            f"{DATABASE}::test_a_server_that_falls_silent_is_left_at_the_limit",
            f"{DATABASE}::test_a_garbled_frame_is_an_error_and_keeps_nothing",
            f"{OWNERS}::test_who_is_thrown_out_in_the_middle_asks_again",
            f"{RESUMED}::test_a_process_killed_after_page_two_goes_on_at_page_three",
            f"{AGAIN}::test_a_store_whose_connection_breaks_is_asked_again",
            "integration/test_pull_killed.py::test_rows_are_neither_lost_nor_doubled",
            "integration/test_whole_pull_killed.py::test_every_version_is_whole_once_and_in_order",
        ),
    ),
    Fault(
        "C02",
        "A query that is slow, or waits for a lock",
        "`E-SRC-TIMEOUT` at the limit of the declaration; stopped at the server, never started again beside the first",
        (
            f"{POSTGRES}::test_a_slow_query_is_stopped_and_not_started_again",
            f"{MARIADB}::test_a_slow_query_is_stopped",
            f"{DATABASE}::test_a_lock_at_the_ministry_is_waited_for_once_and_no_longer",
        ),
    ),
    Fault(
        "C03",
        "Columns are added, gone, renamed, of another type; a measure comes in another unit",
        "added: ignored and told; else `E-SRC-CONTRACT` old → new, `E-SRC-SCALE` for a unit: that source alone stops",
        (
            f"{LIVE}::test_a_source_is_frozen_and_then_held_to_what_it_was",
            f"{LIVE}::test_who_breaks_the_contract_is_stopped_alone",
            f"{LIVE}::test_a_column_in_another_unit_stops_the_source_though_its_shape_holds",
            f"{CONTRACTS}::test_anything_else_stops_the_source_and_shows_old_and_new",
            f"{CONTRACTS}::test_a_column_in_another_unit_is_an_alarm",
        ),
    ),
    Fault(
        "C04",
        "The same key twice, rows that come late, rows that are deleted",
        "a window is read again and known records left out; a deletion withdraws the figure and is told; twice is told",
        (
            f"{MODES}::test_late_rows_are_found_and_known_ones_are_not_doubled",
            f"{MODES}::test_deletions_and_restatements_are_told_and_withdrawn",
            f"{LIVE}::test_what_a_source_does_wrong_is_told_by_command",
            f"{ACCEPTANCE}::test_a_reader_that_lies_is_told",
        ),
    ),
    Fault(
        "C05",
        "A cursor that stands still, goes back, or has equal values at its edge",
        "the window overlaps; records equal in all columns are known; the cursor never goes back",
        (
            f"{OWNERS}::test_equal_instants_and_a_clock_that_is_set_back_lose_nothing",
            f"{MODES}::test_a_row_that_changes_within_the_window_is_read_again",
            "integration/test_pull_killed.py::test_rows_are_neither_lost_nor_doubled",
        ),
    ),
    Fault(
        "C06",
        "Instants in other zones, at the edge of a month",
        "sessions are in Hà Nội's time: days and months are those of Hà Nội",
        (f"{OWNERS}::test_months_are_those_of_ha_noi_on_either_side_of_their_edge",),
    ),
    Fault(
        "C07",
        "Credentials rotated, expired, locked; rights that hide rows without an error",
        "`E-SRC-AUTH`, not tried again; fewer rows than usual are `E-SRC-FALL`; a right secret counts at once",
        (
            f"{OWNERS}::test_an_account_that_lets_us_in_no_more_is_told_as_that",
            f"{OWNERS}::test_rows_that_we_may_no_longer_see_are_an_alarm_and_not_a_success",
            f"{DATABASE}::test_rights_that_are_taken_away_are_told_as_such",
            f"{CREDENTIALS}::test_a_secret_changed_while_it_is_used_is_taken_up",
            f"{AGAIN}::test_who_turns_us_away_is_asked_once",
            f"{LIVE}::test_a_fall_in_rows_is_taken_once_a_person_says_why",
        ),
    ),
    Fault(
        "C08",
        "Encodings, fixed widths, exact numbers, empty and null",
        "texts and digits arrive as they are; every value is found again in the kept bytes",
        (
            f"{OWNERS}::test_codes_in_fields_of_fixed_width_and_other_encodings_arrive_as_they_are",
            f"{POSTGRES}::test_values_arrive_as_the_server_prints_them",
            f"{MARIADB}::test_exact_values_and_vietnamese_text",
            f"{ACCEPTANCE}::test_a_source_does_what_every_source_must",
            "integration/test_acceptance_of_kinds.py::test_an_honest_source_of_the_kind_meets_every_check",
            f"{LIVE}::test_a_live_source_of_each_kind_is_held_to_the_list",
        ),
    ),
    Fault(
        "C09",
        "No row at all, and no error",
        "`E-SRC-EMPTY` unless `may_be_empty` is declared: what was accepted stands",
        (
            f"{MODES}::test_an_incremental_source_that_gives_nothing_at_all_is_an_alarm",
            f"{ACCEPTANCE}::test_no_hostile_server_gets_a_figure_in",
            f"{SDMX}::test_a_message_without_observations_is_not_taken_for_nothing",
        ),
    ),
    Fault(
        "C10",
        "Too many requests, with or without a `Retry-After`",
        "obeyed up to a minute; beyond it the pull ends and says so; growing pauses otherwise",
        (
            f"{REST}::test_retry_after_is_obeyed_within_reason",
            f"{REST}::test_the_pause_that_the_source_asks_for_is_the_pause_we_make",
            f"{CREDENTIALS}::test_no_faster_than_declared",
            f"{AGAIN}::test_a_message_that_fails_or_is_cut_is_asked_for_again",
        ),
    ),
    Fault(
        "C11",
        "Bursts of 5xx, errors inside a 200, an empty 204, a log-in page",
        "5xx is tried again; `E-SRC-BUSINESS`, `E-SRC-HTTP`, `E-SRC-LOGIN-PAGE`, `E-SRC-SHAPE` are not",
        (
            f"{REST}::test_a_busy_source_is_asked_again",
            f"{REST}::test_a_source_that_stays_busy_is_transient",
            f"{REST}::test_a_login_page_with_200_is_refused",
            f"{REST}::test_a_refusal_is_not_tried_again",
            f"{REST}::test_the_error_that_a_service_reports_is_passed_on",
            f"{HOSTILE}::test_an_error_inside_an_answer_is_not_data",
        ),
    ),
    Fault(
        "C12",
        "A body, a file or a message that is cut",
        "`E-SRC-TRUNCATED` or `E-SRC-UNREACHABLE`, asked for again, never data",
        (
            f"{REST}::test_a_body_cut_in_the_middle_is_never_data",
            f"{JSON}::test_a_body_cut_anywhere_is_never_read",
            f"{HOSTILE}::test_drop_by_drop_is_cut_off",
            f"{AGAIN}::test_a_file_that_is_still_put_there_is_fetched_again",
            f"{AGAIN}::test_a_message_that_is_always_cut_is_never_data",
            "integration/test_file_source.py::test_a_parquet_or_workbook_cut_in_the_middle_is_refused",
        ),
    ),
    Fault(
        "C13",
        "JSON that is none: NaN, the same key twice, an abyss; whole numbers beyond a float",
        "`E-SRC-JSON`; numbers keep their text",
        (
            f"{JSON}::test_what_is_not_json_is_refused_for_good",
            f"{JSON}::test_depth_is_bounded",
            f"{JSON}::test_numbers_keep_their_text",
            f"{HOSTILE}::test_whole_numbers_beyond_a_float_stay_as_they_are",
            f"{SHAPES}::test_hostile_xml_is_refused",
        ),
    ),
    Fault(
        "C14",
        "Pages in circles, skipped, repeated; a total that moves; an empty page before the end",
        "`E-SRC-PAGING`, `E-SRC-TOTAL`, `E-SRC-MOVED`: all is read anew, then told",
        (
            f"{REST}::test_pages_that_go_round_in_circles_are_refused",
            f"{REST}::test_a_cursor_that_points_to_itself_is_refused",
            f"{REST}::test_a_list_that_moves_while_it_is_read_is_read_anew",
            f"{REST}::test_a_total_that_does_not_fit_is_read_anew_then_told",
            f"{REST}::test_a_list_without_end_is_refused",
            f"{HOSTILE}::test_a_page_that_is_empty_before_the_end_is_told",
            f"{RESUMED}::test_a_list_that_moved_meanwhile_is_read_anew",
            f"{PAGING}::test_the_same_page_twice_is_a_circle",
        ),
    ),
    Fault(
        "C15",
        "A token that ends, is withdrawn, is never taken; its endpoint refuses",
        "renewed before its end and once on a 401; then `E-SRC-AUTH` in clear words",
        (
            f"{CREDENTIALS}::test_a_token_that_ends_is_renewed_before_it_ends",
            f"{CREDENTIALS}::test_a_token_that_is_withdrawn_in_the_middle_is_renewed_once",
            f"{CREDENTIALS}::test_a_token_that_is_never_taken_ends_in_clear_words",
            f"{CREDENTIALS}::test_a_token_endpoint_that_refuses_is_told",
        ),
    ),
    Fault(
        "C16",
        "A certificate that is old, unknown, another host's; an old protocol; none where one is demanded",
        "`E-SRC-TLS`, not tried again; one own authority can be pinned; nothing turns the check off",
        (
            f"{TLS}::test_only_the_authority_of_the_secret_is_trusted",
            f"{TLS}::test_a_certificate_that_does_not_fit_is_refused",
            f"{TLS}::test_a_server_that_knows_only_an_old_protocol_is_refused",
            "integration/test_databases_tls.py::test_postgres_is_trusted_by_its_authority_and_name",
            "integration/test_databases_tls.py::test_mariadb_is_trusted_by_its_authority_and_name",
            "integration/test_databases_tls.py::test_an_address_that_would_check_less_than_it_says_is_refused",
        ),
    ),
    Fault(
        "C17",
        "Redirects and links to other hosts, from https to http",
        "`E-SRC-REDIRECT`, `E-SRC-HOST`: only hosts of the declaration are spoken to",
        (
            f"{REST}::test_a_redirect_to_another_host_is_not_followed",
            f"{REST}::test_a_redirect_to_itself_ends",
            f"{HOSTILE}::test_from_https_nobody_is_sent_to_http",
            f"{SHAPES}::test_a_link_to_another_host_is_not_followed",
            f"{CREDENTIALS}::test_a_token_endpoint_elsewhere_must_be_listed",
        ),
    ),
    Fault(
        "C18",
        "An answer without end, drop by drop, or unpacked to gigabytes",
        "one deadline for an exchange, `E-SRC-SIZE` for bytes, rows and pages",
        (
            f"{HOSTILE}::test_drop_by_drop_is_cut_off",
            f"{HOSTILE}::test_a_body_without_end_is_not_read_to_the_end",
            f"{HOSTILE}::test_a_bomb_of_gzip_is_not_unpacked",
            f"{REST}::test_too_many_bytes_are_not_read",
            f"{DATABASE}::test_the_most_rows_are_an_end",
        ),
    ),
    Fault(
        "C19",
        "Another version of a service: fields renamed or added, codes that nobody declared",
        "renamed: `E-SRC-CONTRACT`; added: told; an unknown code is kept and judged, never mapped",
        (
            f"{HOSTILE}::test_a_renamed_field_is_told",
            f"{HOSTILE}::test_an_added_field_is_left_out",
            f"{LIVE}::test_a_source_is_frozen_and_then_held_to_what_it_was",
            f"{LIVE}::test_without_a_contract_a_missing_column_is_told_too",
            f"{POSTGRES}::test_long_layout_keeps_codes_that_nobody_declared",
        ),
    ),
    Fault(
        "C20",
        "SDMX: unknown codes, a dimension that is missing, another version of the structure, actions",
        "`E-SRC-SDMX` with all mistakes at once; each action is honoured",
        (
            f"{SDMX}::test_what_does_not_fit_the_structure_is_refused",
            f"{SDMX}::test_another_version_of_the_structure_is_refused",
            f"{SDMX}::test_every_action_of_a_message",
            f"{SDMX}::test_deletions_withdraw_and_csv_is_exact",
        ),
    ),
    Fault(
        "C21",
        "The past is restated without a word",
        "`snapshot_diff` tells each change with both values; every version is kept. Where `max_restated_pct` is "
        "declared, more than that is `E-SRC-RESTATED` and waits for a person",
        (
            f"{MODES}::test_deletions_and_restatements_are_told_and_withdrawn",
            f"{LIVE}::test_a_past_that_is_told_otherwise_waits_for_a_person_where_that_is_declared",
            "integration/test_as_of.py::test_the_history_of_a_value_says_what_was_current_when",
        ),
    ),
)


def text() -> str:
    """The page."""
    head = (
        "# What sources do wrong, and what then happens\n\n"
        "Made of the table that the tests hold (`tests/source_faults.py`; `python -m tests.source_faults` writes it).\n"
        "Servers are real: PostgreSQL and MariaDB, some behind a proxy that cuts, stalls, delays and garbles\n"
        "(`tests/wire.py`), an HTTP server whose answers a test chooses, SFTP and S3-style stores.\n\n"
        "| line | what a source does | what then happens | proven by |\n|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {each.id} | {each.what} | {each.then} | {'<br>'.join(f'`{proof}`' for proof in each.proofs)} |\n"
        for each in FAULTS
    )


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("docs", "source-faults.md").write_text(text(), encoding="utf-8")
