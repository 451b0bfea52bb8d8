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
)

select
    numbered.agency,
    numbered.source,
    numbered.dataset,
    numbered.time_period,
    numbered.submission_no as last_submission_no,
    numbered.file_name as last_file_name,
    numbered.state as last_state,
    numbered.received_at,
    numbered.n_submissions,
    coalesce(found.n_findings, 0) as n_findings
from numbered
left join found on numbered.submission_no = found.submission_no
where numbered.recency = 1
order by agency, source, dataset, time_period
