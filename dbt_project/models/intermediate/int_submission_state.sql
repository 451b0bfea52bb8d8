-- How each reporter stands with each report it owes. Days are days in Việt Nam; a report is on time to the end of the
-- last day. What was there when we first pulled a source, after the deadline, may always have been there: it is not
-- late, what came later is. Grain: reporter, source, dataset, period.
with owed as (
    select
        reporter_code,
        source,
        dataset,
        period_key,
        count(*) as n_expected,
        sum(case when n_given = n_owed then 1 else 0 end) as n_reported,
        sum(n_given) as n_given,
        max(last_reported_at) as completed_at,
        max(last_reported_date) as completed_date
    from {{ ref('int_owed_unit') }}
    group by reporter_code, source, dataset, period_key
),

first_pulls as (
    select source, dataset, min({{ day_in_vietnam('accepted_at') }}) as first_pull_date
    from {{ source('ledger', 'batch') }}
    where submission_no is null
    group by source, dataset
),

dated as (
    select
        owed.*,
        periods.time_period, periods.label_vi,
        calendars.deadline_date,
        first_pulls.first_pull_date,
        clock.as_of_date,
        coalesce(submissions.received_at, owed.completed_at) as submitted_at,
        coalesce(submissions.n_submissions, 0) as n_submissions,
        submissions.last_submission_no, submissions.last_file_name,
        submissions.last_state, submissions.corrected_by_date,
        coalesce(submissions.n_findings, 0) as n_findings
    from owed
    inner join {{ source('reference', 'period') }} as periods on owed.period_key = periods.period_key
    inner join {{ ref('int_calendar') }} as calendars
        on
            owed.source = calendars.source
            and owed.dataset = calendars.dataset
            and owed.period_key = calendars.period_key
    left join {{ ref('int_submission') }} as submissions
        on
            owed.reporter_code = submissions.agency
            and owed.source = submissions.source
            and owed.dataset = submissions.dataset
            and periods.time_period = submissions.time_period
    left join first_pulls on owed.source = first_pulls.source and owed.dataset = first_pulls.dataset
    cross join {{ source('ledger', 'clock') }} as clock
),

judged as (
    select
        *,
        case
            when n_reported = n_expected and completed_date <= coalesce(corrected_by_date, deadline_date) then 'on_time'
            when n_reported = n_expected and deadline_date < first_pull_date and completed_date = first_pull_date
                then 'on_time'
            when n_reported = n_expected then 'late'
            when n_given > 0 then 'partial'
            when last_state in ('returned', 'quarantined') then 'returned'
            when as_of_date <= deadline_date then 'not_due'
            else 'missing'
        end as state
    from dated
)

select
    *,
    case
        when state = 'late' then {{ dbt.datediff('deadline_date', 'completed_date', 'day') }}
        when state in ('partial', 'returned', 'missing') and as_of_date > deadline_date
            then {{ dbt.datediff('deadline_date', 'as_of_date', 'day') }}
        else 0
    end as days_late
from judged
order by reporter_code, source, dataset, period_key
