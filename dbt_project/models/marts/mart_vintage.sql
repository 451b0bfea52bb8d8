-- Every published version of a figure, by producer, beside the one that is chosen: two official figures of one year are
-- normal, and the reader sees both. A repetition is shown once. Grain: indicator, org unit, period, producer, version.
{{ config(meta={'slice': 'indicator'}) }}
with published as (
    select inputs.indicator_key, inputs.measure_key, inputs.producer_key
    from {{ source('spec', 'indicator_input') }} as inputs
    inner join {{ source('spec', 'indicator') }} as indicators on inputs.indicator_key = indicators.indicator_key
    where
        indicators.type in ('published_value', 'published_rank') and inputs.measure_key is not null
        and {{ of_changed('indicator_key', 'inputs') }}
),

told as (
    select
        published.indicator_key,
        versions.*,
        versions.is_current
        and case
            when published.producer_key is null then observations.is_preferred
            else versions.producer_key = published.producer_key
        end as is_chosen,
        precedences.precedence
    from published
    inner join {{ ref('int_distinct_version') }} as versions on published.measure_key = versions.measure_key
    inner join {{ ref('int_observations') }} as observations
        on
            versions.measure_key = observations.measure_key
            and versions.org_unit_key = observations.org_unit_key
            and versions.period_key = observations.period_key
            and versions.breakdown_key = observations.breakdown_key
            and versions.producer_key = observations.producer_key
    left join {{ source('spec', 'producer_precedence') }} as precedences
        on versions.measure_key = precedences.measure_key and versions.producer_key = precedences.producer_key
)

select
    indicators.indicator,
    indicators.name_vi as indicator_name_vi,
    units.org_unit_code,
    units.short_name_vi as org_unit_name_vi,
    units.province_code,
    units.province_name_vi,
    periods.time_period,
    producers.org_unit_code as producer_code,
    producers.short_name_vi as producer_name_vi,
    told.published_date,
    batches.accepted_at,
    cast(told.obs_value as double) as obs_value,
    {{ status_vi('told.obs_status') }} as obs_status_vi,
    told.is_current,
    told.is_chosen,
    told.precedence,
    cast(
        told.obs_value - max(case when told.is_chosen then told.obs_value end) over (
            partition by told.indicator_key, told.org_unit_key, told.period_key, told.breakdown_key
        ) as double
    ) as difference_from_chosen,
    told.citation
from told
inner join {{ source('ledger', 'batch') }} as batches on told.batch_no = batches.batch_no
inner join {{ ref('dim_indicator') }} as indicators on told.indicator_key = indicators.indicator_key
inner join {{ source('spec', 'indicator_level') }} as levels on told.indicator_key = levels.indicator_key
inner join {{ ref('dim_org_unit') }} as units on told.org_unit_key = units.org_unit_key and levels.level = units.level
inner join {{ ref('dim_org_unit') }} as producers on told.producer_key = producers.org_unit_key
inner join {{ source('reference', 'period') }} as periods on told.period_key = periods.period_key
order by indicators.indicator, units.org_unit_code, periods.time_period, producers.org_unit_code, told.version_no
