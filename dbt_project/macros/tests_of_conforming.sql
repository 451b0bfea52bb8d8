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
    select batch_no, n_accepted
    from {{ source('ledger', 'batch') }}
    where source = '{{ source_id }}' and dataset = '{{ dataset_id }}' and accepted_path is not null
        {%- if since is not none %} and batch_no > {{ since }}{% endif %}
),

-- In one reading, which costs as much as making the rows.
conformed as (
    select
        count(*) as n_conformed,
        count(missing_key) as n_unknown,
        min(case when missing_key is not null then place || ': ' || missing_key end) as example
    from (
        select
            place,
            case
                when measure_key is null then 'measure'
                when org_unit_key is null then 'org unit'
                when period_key is null then 'period'
                when breakdown_key is null then 'breakdown'
                when producer_key is null then 'producer'
            end as missing_key
        from {{ model }}
    ) as looked_at
),

said as (
    select
        (select coalesce(sum(n_accepted), 0) from batches) as n_accepted,
        (
            select count(*)
            from accepted
            inner join batches on accepted.batch_no = batches.batch_no
            where accepted.obs_value is null and not coalesce(accepted.obs_status in ('L', 'M', 'O', 'Q'), false)
        ) as n_empty,
        conformed.*
    from conformed
)

select *
from said
where n_accepted - n_empty <> n_conformed or n_unknown > 0
{% endtest %}
