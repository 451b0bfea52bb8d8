-- The versions of each figure without repetitions: what later readings only say again stands once, with the batch in
-- which it first came. A view, so that what is not asked for is not worked out.
-- Grain: measure, org unit, period, breakdown, producer, version.
{{ config(materialized='view') }}
{%- set figure = 'measure_key, org_unit_key, period_key, breakdown_key, producer_key' %}
{%- set what = 'obs_value, obs_status, published_date, is_synthetic, citation, batch_no, place' %}
with followed as (
    select
        *,
        lag(obs_value) over by_version as previous_value,
        lag(obs_status) over by_version as previous_status,
        lag(published_date) over by_version as previous_published_date
    from {{ ref('int_observation_versions') }}
    where version_no > 1 or not is_current
    window by_version as (partition by {{ figure }} order by version_no)
),

compared as (
    select
        *,
        case
            when
                version_no > 1
                and coalesce(obs_value = previous_value, obs_value is null and previous_value is null)
                and obs_status = previous_status
                and coalesce(
                    published_date = previous_published_date,
                    published_date is null and previous_published_date is null
                )
                then 0
            else 1
        end as is_new
    from followed
),

counted as (
    select
        *,
        sum(is_new) over (
            partition by {{ figure }} order by version_no rows between unbounded preceding and current row
        ) as distinct_no,
        sum(is_new) over (partition by {{ figure }}) as n_distinct
    from compared
)

select
    {{ figure }},
    cast(distinct_no as integer) as version_no,
    distinct_no = n_distinct as is_current,
    true as is_stated_again,
    {{ what }}
from counted
where is_new = 1
union all
select {{ figure }}, version_no, is_current, false as is_stated_again, {{ what }}
from {{ ref('int_observation_versions') }}
where version_no = 1 and is_current
