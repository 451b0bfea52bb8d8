{#- Several columns together name one row. -#}
{% test unique_grain(model, columns) %}
select {{ columns | join(', ') }}, count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{#- No row lacks any of these columns. -#}
{% test never_null(model, columns) %}
select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}

{#- What every indicator model promises: one row a grain, keys present, values finite, a missing value with its status. -#}
{% test sound_indicator(model) %}
with counted as (
    select *, count(*) over (partition by org_unit_key, period_key, map) as n_of_grain
    from {{ model }}
)

select *
from counted
where
    n_of_grain > 1
    or indicator_key is null or org_unit_key is null or period_key is null or map is null or obs_status is null
    or not ({{ is_finite('obs_value') }})
    or (obs_value is null) <> (obs_status in ('O', 'L', 'M', 'Q'))
{% endtest %}

{#- Conforming loses nothing: as many rows as the ledger's batches accepted, less those that carry neither value nor mark. -#}
{% test as_many_as_accepted(model, source_id, dataset_id) %}
with accepted as (
    {{ accepted_rows(source_id, dataset_id) }}
),

batches as (
    select accepted_path, n_accepted
    from {{ source('ledger', 'batch') }}
    where source = '{{ source_id }}' and dataset = '{{ dataset_id }}' and accepted_path is not null
),

said as (
    select
        (select coalesce(sum(n_accepted), 0) from batches) as n_accepted,
        (
            select count(*)
            from accepted
            inner join batches on accepted.accepted_path = batches.accepted_path
            where accepted.obs_value is null and not coalesce(accepted.obs_status in ('L', 'M', 'Q'), false)
        ) as n_empty,
        (select count(*) from {{ model }}) as n_conformed
)

select *
from said
where n_accepted - n_empty <> n_conformed
{% endtest %}

{#- Of a figure's producers one, and only one, is preferred. -#}
{% test one_preferred_producer(model) %}
select measure_key, org_unit_key, period_key, breakdown_key
from {{ model }}
group by measure_key, org_unit_key, period_key, breakdown_key
having sum(case when is_preferred then 1 else 0 end) <> 1
{% endtest %}

{#- Never more units reported than expected; a sum only where somebody reported. -#}
{% test coverage_within_bounds(model) %}
select *
from {{ model }}
where n_reported > n_expected or n_expected < 1 or (obs_value is null) <> (n_reported = 0)
{% endtest %}

{#- No verdict on a missing value, and none withheld without a reason in words. -#}
{% test no_light_without_value(model) %}
select *
from {{ model }}
where
    (obs_value is null and light not in ('no_data', 'not_assessable'))
    or (obs_value is not null and light = 'no_data')
    or light_reason_vi is null
{% endtest %}

{#- Of a figure's versions, one is what the indicator takes. -#}
{% test at_most_one_chosen(model) %}
select indicator, org_unit_code, time_period
from {{ model }}
group by indicator, org_unit_code, time_period
having sum(case when is_chosen then 1 else 0 end) > 1
{% endtest %}
