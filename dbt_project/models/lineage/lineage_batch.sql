-- Where the bytes behind every observation lie, current or superseded.
select
    b.batch_no,
    b.source,
    b.dataset,
    s.agency,
    s.file_name,
    s.submission_no,
    b.origin,
    b.evidence_sha256,
    b.evidence_path,
    b.landing_path,
    b.accepted_at
from {{ source('ledger', 'batch') }} as b
left join {{ source('ledger', 'submission') }} as s on b.submission_no = s.submission_no
where
    b.batch_no in (select o.batch_no from {{ ref('int_observations') }} as o)
    or b.batch_no in (select v.batch_no from {{ ref('int_distinct_version') }} as v)
