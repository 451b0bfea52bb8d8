{#-
  Conforming loses nothing and knows every code: as many rows as the ledger's batches accepted, less those that carry
  neither value nor mark, and no row without one of its keys.
-#}
{% test conforms(model, source_id, dataset_id) %}
{%- set since = (var('changed', none) or {}).get('since_batch') -%}
with accepted as (
    {{ accepted_rows(source_id, dataset_id, since) }}
),

batches as (
    select accepted_path, n_accepted
    from {{ source('ledger', 'batch') }}
    where source = '{{ source_id }}' and dataset = '{{ dataset_id }}' and accepted_path is not null
        {%- if since is not none %} and batch_no > {{ since }}{% endif %}
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

select
    'as_many_as_accepted' as promise,
    cast(null as varchar) as place,
    'of ' || n_accepted || ' accepted rows ' || n_empty || ' are empty and ' || n_conformed || ' are here' as found
from said
where n_accepted - n_empty <> n_conformed
union all
select
    'every_code_is_known' as promise,
    place,
    case
        when measure_key is null then 'measure'
        when org_unit_key is null then 'org unit'
        when period_key is null then 'period'
        when breakdown_key is null then 'breakdown'
        else 'producer'
    end as found
from {{ model }}
where
    measure_key is null or org_unit_key is null or period_key is null or breakdown_key is null or producer_key is null
{% endtest %}
