-- The current version of each figure. Of several producers one is preferred: the first by declared precedence that
-- gives a value. Lies sorted by measure, so that an indicator reads its own measures and nothing else.
{{ config(meta={'slice': 'measure_key'}) }}
with current_versions as (
    select *
    from {{ ref('int_observation_versions') }}
    where is_current and {{ of_changed('measure_key') }}
),

ranked as (
    select
        current_versions.*,
        row_number() over (
            partition by
                current_versions.measure_key,
                current_versions.org_unit_key,
                current_versions.period_key,
                current_versions.breakdown_key
            order by
                case when current_versions.obs_value is null then 1 else 0 end,
                precedences.precedence nulls last,
                current_versions.producer_key
        ) as choice
    from current_versions
    left join {{ source('spec', 'producer_precedence') }} as precedences
        on
            current_versions.measure_key = precedences.measure_key
            and current_versions.producer_key = precedences.producer_key
)

select
    measure_key,
    org_unit_key,
    period_key,
    breakdown_key,
    producer_key,
    choice = 1 as is_preferred,
    version_no,
    obs_value,
    obs_status,
    published_date,
    is_synthetic,
    citation,
    batch_no,
    row_no,
    place
from ranked
order by measure_key, period_key, org_unit_key, producer_key
