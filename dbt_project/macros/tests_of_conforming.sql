{#- Conforming loses nothing: as many rows as the ledger's batches accepted, less those that carry neither value nor mark. -#}
{% test as_many_as_accepted(model, source_id, dataset_id) %}
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

select *
from said
where n_accepted - n_empty <> n_conformed
{% endtest %}
