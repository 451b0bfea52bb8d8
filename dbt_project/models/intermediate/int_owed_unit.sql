-- For each unit that a reporter answers for: how many figures it owes in a period, how many have come, and when the
-- last of them first came. A later correction does not make a timely report late; a figure that is pulled came on the
-- day it was published, where its source says so. Grain: reporter, source, dataset, period, org unit.
{{ config(meta={'slice': 'dataset'}) }}
with receipts as (
    select
        batches.batch_no,
        coalesce(submissions.received_at, batches.accepted_at) as received_at,
        batches.submission_no is null as is_pulled
    from {{ source('ledger', 'batch') }} as batches
    left join {{ source('ledger', 'submission') }} as submissions on batches.submission_no = submissions.submission_no
),

measures as (
    select measure_key, source, dataset
    from {{ source('spec', 'measure') }}
    where {{ of_changed('dataset') }}
),

owed as (
    select
        assignments.reporter_code,
        measures.source,
        measures.dataset,
        assignments.measure_key,
        assignments.period_key,
        assignments.org_unit_key
    from {{ source('spec', 'assignment') }} as assignments
    inner join measures on assignments.measure_key = measures.measure_key
),

first_reports as (
    select
        versions.measure_key,
        versions.org_unit_key,
        versions.period_key,
        min(receipts.received_at) as reported_at,
        min(
            case
                when receipts.is_pulled and versions.published_date is not null then versions.published_date
                else {{ day_in_vietnam('receipts.received_at') }}
            end
        ) as reported_date
    from {{ ref('int_observation_versions') }} as versions
    inner join receipts on versions.batch_no = receipts.batch_no
    semi join owed
        on
            versions.measure_key = owed.measure_key
            and versions.org_unit_key = owed.org_unit_key
            and versions.period_key = owed.period_key
    group by versions.measure_key, versions.org_unit_key, versions.period_key
    -- What its sender has withdrawn since is owed again.
    having max(case when versions.is_current and versions.obs_status <> 'O' then 1 else 0 end) = 1
)

select
    owed.reporter_code,
    owed.source,
    owed.dataset,
    owed.period_key,
    owed.org_unit_key,
    count(*) as n_owed,
    count(first_reports.reported_at) as n_given,
    max(first_reports.reported_at) as last_reported_at,
    max(first_reports.reported_date) as last_reported_date
from owed
left join first_reports
    on
        owed.measure_key = first_reports.measure_key
        and owed.org_unit_key = first_reports.org_unit_key
        and owed.period_key = first_reports.period_key
group by owed.reporter_code, owed.source, owed.dataset, owed.period_key, owed.org_unit_key
order by reporter_code, source, dataset, period_key, org_unit_key
