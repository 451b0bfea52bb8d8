-- A unit's own figure beside the sum of what the units below it reported for the same period and breakdown: of the same
-- measure, or of the one that `checks.sum_of_units` names. Units are those of that period. Of the units below only how
-- many made and sent the figures is told, and who, where it is one. Grain: measure, measure of the units, org unit,
-- period, breakdown.
{{ config(materialized='view') }}
with held as (
    select
        rules.measure_key,
        rules.units_measure_key,
        rules.tolerance,
        own.org_unit_key,
        own.period_key,
        own.breakdown_key,
        own.obs_value as reported_value,
        own.producer_key,
        own.batch_no,
        own.citation,
        sums.obs_value as units_sum,
        sums.n_reported,
        sums.n_expected,
        sums.coverage,
        own.is_synthetic or sums.is_synthetic as is_synthetic
    from {{ source('spec', 'sum_of_units') }} as rules
    inner join {{ ref('int_rolled') }} as sums on rules.units_measure_key = sums.measure_key and sums.map = 'reported'
    inner join {{ ref('int_observations') }} as own
        on
            rules.measure_key = own.measure_key
            and sums.org_unit_key = own.org_unit_key
            and sums.period_key = own.period_key
            and sums.breakdown_key = own.breakdown_key
    where own.is_preferred and own.obs_value is not null and sums.obs_value is not null
),

senders as (
    select batches.batch_no, units.org_unit_key as sender_key
    from {{ source('ledger', 'batch') }} as batches
    inner join {{ source('ledger', 'submission') }} as submissions on batches.submission_no = submissions.submission_no
    inner join {{ source('reference', 'org_unit') }} as units on submissions.agency = units.org_unit_code
),

below as (
    select
        held.measure_key,
        held.units_measure_key,
        held.org_unit_key,
        held.period_key,
        held.breakdown_key,
        cast(count(distinct observations.producer_key) as integer) as n_units_producers,
        min(observations.producer_key) as units_producer_key,
        cast(count(distinct coalesce(senders.sender_key, observations.producer_key)) as integer) as n_units_reporters,
        min(coalesce(senders.sender_key, observations.producer_key)) as units_reporter_key
    from held
    inner join {{ source('reference', 'period') }} as periods on held.period_key = periods.period_key
    inner join {{ ref('int_org_ancestor') }} as ancestors
        on
            ancestors.map = 'reported' and held.org_unit_key = ancestors.ancestor_key
            and {{ covers('ancestors.valid_from', 'ancestors.valid_to', 'periods.end_date') }}
    inner join {{ ref('int_observations') }} as observations
        on
            held.units_measure_key = observations.measure_key
            and ancestors.org_unit_key = observations.org_unit_key
            and held.period_key = observations.period_key
            and held.breakdown_key = observations.breakdown_key
            and observations.is_preferred and observations.obs_value is not null
    left join senders on observations.batch_no = senders.batch_no
    group by held.measure_key, held.units_measure_key, held.org_unit_key, held.period_key, held.breakdown_key
)

select
    held.*,
    coalesce(senders.sender_key, held.producer_key) as reporter_key,
    below.n_units_producers, below.units_producer_key, below.n_units_reporters, below.units_reporter_key
from held
inner join below using (measure_key, units_measure_key, org_unit_key, period_key, breakdown_key)
left join senders on held.batch_no = senders.batch_no
