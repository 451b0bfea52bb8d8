-- What was reported of additive measures, added up by groups of org units that lie below the same units. `unit_set`
-- marks which units the sum is made of, whatever their order. Sums are of DECIMAL: exact, whatever the order of rows.
-- Grain: measure, period, breakdown, group of org units.
{{ config(meta={'slice': 'measure_key'}) }}
with eras as (
    select periods.period_key, spans.since_date
    from {{ source('reference', 'period') }} as periods
    inner join (select distinct since_date, next_date from {{ ref('int_org_group') }}) as spans
        on {{ in_era('periods.end_date', 'spans') }}
),

additive as (
    select measure_key
    from {{ source('spec', 'measure') }}
    where nature <> 'non_additive'
),

added as (
    select
        observations.measure_key,
        observations.period_key,
        observations.breakdown_key,
        eras.since_date,
        groups.group_key,
        observations.obs_status,
        sum(observations.obs_value) as obs_value,
        max(case when observations.is_synthetic then 1 else 0 end) as is_synthetic,
        count(*) as n_given,
        sum(groups.set_mark) as unit_set
    from {{ ref('int_observations') }} as observations
    inner join additive on observations.measure_key = additive.measure_key
    inner join eras on observations.period_key = eras.period_key
    inner join {{ ref('int_org_group') }} as groups
        on eras.since_date = groups.since_date and observations.org_unit_key = groups.org_unit_key
    where
        observations.is_preferred and observations.obs_value is not null
        and {{ of_changed('measure_key', 'observations') }}
    group by
        observations.measure_key,
        observations.period_key,
        observations.breakdown_key,
        eras.since_date,
        groups.group_key,
        observations.obs_status
)

select
    measure_key,
    period_key,
    breakdown_key,
    since_date,
    group_key,
    cast(sum(obs_value) as decimal(38, 9)) as obs_value,
    max({{ status_caution('obs_status') }}) as caution,
    max(is_synthetic) = 1 as is_synthetic,
    cast(sum(n_given) as integer) as n_given,
    cast(sum(unit_set) as bigint) as unit_set
from added
group by measure_key, period_key, breakdown_key, since_date, group_key
order by measure_key, period_key, group_key
