-- What an agency has sent for a dataset and period, and its last file. Duplicates took no effect and are left out.
-- Grain: agency, source, dataset, period.
with numbered as (
    select
        *,
        row_number() over (
            partition by agency, source, dataset, time_period order by submission_no desc
        ) as recency,
        count(*) over (partition by agency, source, dataset, time_period) as n_submissions
    from {{ source('ledger', 'submission') }}
    where state not in ('duplicate', 'received')
),

found as (
    select
        coalesce(findings.submission_no, batches.submission_no) as submission_no,
        count(*) as n_findings
    from {{ source('ledger', 'finding') }} as findings
    left join {{ source('ledger', 'batch') }} as batches on findings.batch_no = batches.batch_no
    where findings.severity in ('error', 'warning')
    group by coalesce(findings.submission_no, batches.submission_no)
),

-- A file that could be read in time keeps its report in time, if it is corrected by the next working day.
timely as (
    select
        submissions.agency,
        submissions.source,
        submissions.dataset,
        submissions.time_period,
        max(greatest(days.next_working_date, calendars.deadline_date)) as corrected_by_date
    from {{ source('ledger', 'submission') }} as submissions
    inner join {{ source('ledger', 'batch') }} as batches on submissions.submission_no = batches.submission_no
    inner join {{ source('reference', 'period') }} as periods on submissions.time_period = periods.time_period
    inner join {{ ref('int_calendar') }} as calendars
        on
            submissions.source = calendars.source
            and submissions.dataset = calendars.dataset
            and periods.period_key = calendars.period_key
    inner join {{ source('reference', 'working_day') }} as days
        on {{ day_in_vietnam('coalesce(submissions.answered_at, submissions.received_at)') }} = days.day_date
    where {{ day_in_vietnam('submissions.received_at') }} <= calendars.deadline_date
    group by submissions.agency, submissions.source, submissions.dataset, submissions.time_period
)

select
    numbered.agency,
    numbered.source,
    numbered.dataset,
    numbered.time_period,
    numbered.submission_no as last_submission_no,
    numbered.file_name as last_file_name,
    -- What a verifier has sent back is to be completed, whatever judgement made of it.
    case when verifications.outcome = 'verification_returned' then 'returned' else numbered.state end as last_state,
    numbered.received_at,
    numbered.n_submissions,
    timely.corrected_by_date,
    coalesce(found.n_findings, 0) as n_findings
from numbered
left join found on numbered.submission_no = found.submission_no
left join {{ ref('int_verification') }} as verifications
    on
        numbered.agency = verifications.agency
        and numbered.source = verifications.source
        and numbered.dataset = verifications.dataset
        and numbered.time_period = verifications.time_period
left join timely
    on
        numbered.agency = timely.agency
        and numbered.source = timely.source
        and numbered.dataset = timely.dataset
        and numbered.time_period = timely.time_period
where numbered.recency = 1
order by agency, source, dataset, time_period
