-- How each report stands with its verification: what the newest batch of it awaits, or what was decided. A report whose
-- newest figures need no verifier is left out. Grain: agency, source, dataset, period.
with numbered as (
    select
        submissions.agency,
        submissions.source,
        submissions.dataset,
        submissions.time_period,
        verifications.outcome,
        verifications.verifier,
        verifications.told_at,
        row_number() over (
            partition by submissions.agency, submissions.source, submissions.dataset, submissions.time_period
            order by batches.batch_no desc
        ) as recency
    from {{ source('ledger', 'batch') }} as batches
    inner join {{ source('ledger', 'submission') }} as submissions on batches.submission_no = submissions.submission_no
    left join {{ source('ledger', 'verification') }} as verifications on batches.batch_no = verifications.batch_no
    where batches.n_accepted > 0
)

select
    agency,
    source,
    dataset,
    time_period,
    outcome,
    verifier as verifier_code,
    told_at
from numbered
where recency = 1 and outcome is not null
order by agency, source, dataset, time_period
