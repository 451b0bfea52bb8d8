-- Who owes which report, who has sent it, when, who is late, and whether its verifier has taken it. Units are counted,
-- a unit being reported when every figure that it owes has come. Grain: reporter, source, dataset, period.
select
    facts.reporter_code,
    units.short_name_vi as reporter_name_vi,
    units.province_code,
    units.province_name_vi,
    facts.source,
    facts.dataset,
    datasets.name_vi as dataset_name_vi,
    facts.time_period,
    facts.label_vi as period_label_vi,
    facts.deadline_date,
    cast(facts.n_expected as integer) as n_expected,
    cast(facts.n_reported as integer) as n_reported,
    cast(facts.n_expected - facts.n_reported as integer) as n_missing,
    facts.submitted_at,
    cast(facts.n_submissions as integer) as n_submissions,
    facts.last_submission_no,
    facts.last_file_name,
    facts.state,
    {{ submission_state_vi('facts.state') }} as state_vi,
    {{ submission_state_order('facts.state') }} as state_order,
    cast(facts.n_findings as integer) as n_findings,
    cast(facts.days_late as integer) as days_late,
    verifications.outcome as verification,
    {{ verification_vi('verifications.outcome') }} as verification_vi,
    verifiers.short_name_vi as verifier_name_vi,
    verifications.told_at as verification_at
from {{ ref('int_submission_state') }} as facts
inner join {{ ref('dim_org_unit') }} as units on facts.reporter_code = units.org_unit_code
inner join {{ source('spec', 'dataset') }} as datasets
    on facts.source = datasets.source and facts.dataset = datasets.dataset
left join {{ ref('int_verification') }} as verifications
    on
        facts.reporter_code = verifications.agency
        and facts.source = verifications.source
        and facts.dataset = verifications.dataset
        and facts.time_period = verifications.time_period
left join {{ ref('dim_org_unit') }} as verifiers on verifications.verifier_code = verifiers.org_unit_code
order by state_order, facts.reporter_code, facts.source, facts.dataset, facts.time_period
