{#-
  One dataset in the common shape: codes become keys, text becomes numbers and dates; nothing else. A code that the
  reference tables do not know leaves an empty key, which a test refuses: no row is lost in a join. What awaits verification
  is marked so; what its sender has withdrawn stands as not reported. `since`: of later batches only.
-#}
{% macro conform(source_id, dataset_id, since=none) -%}
accepted as (
    {{ accepted_rows(source_id, dataset_id, since) }}
),

batches as (
    select batch_no, is_provisional
    from {{ source('ledger', 'batch') }}
    where source = '{{ source_id }}' and dataset = '{{ dataset_id }}' and accepted_path is not null
        {%- if since is not none %} and batch_no > {{ since }}{% endif %}
),

conformed as (
    select
        measures.measure_key,
        units.org_unit_key,
        periods.period_key,
        breakdowns.breakdown_key,
        producers.org_unit_key as producer_key,
        {{ exact_number('accepted.obs_value') }} as obs_value,
        case
            when batches.is_provisional and coalesce(accepted.obs_status, 'A') = 'A' then 'V'
            else coalesce(accepted.obs_status, 'A')
        end as obs_status,
        cast(accepted.published_date as date) as published_date,
        coalesce(accepted.is_synthetic, false) as is_synthetic,
        accepted.citation,
        batches.batch_no,
        accepted.row_no,
        accepted.place
    from accepted
    inner join batches on accepted.batch_no = batches.batch_no
    left join {{ source('spec', 'measure') }} as measures
        on
            accepted.measure = measures.measure
            and measures.source = '{{ source_id }}' and measures.dataset = '{{ dataset_id }}'
    left join {{ source('reference', 'org_unit') }} as units on accepted.org_unit = units.org_unit_code
    left join {{ source('reference', 'period') }} as periods on accepted.time_period = periods.time_period
    left join {{ source('spec', 'breakdown') }} as breakdowns
        on coalesce(accepted.breakdown, '_T') = breakdowns.breakdown
    left join {{ source('reference', 'org_unit') }} as producers on accepted.producer = producers.org_unit_code
    where accepted.obs_value is not null or accepted.obs_status in ('L', 'M', 'O', 'Q')
)
{%- endmacro %}

{#- A plain decimal text as a measure's number. -#}
{% macro exact_number(text) -%}
    {{ return(adapter.dispatch('exact_number')(text)) }}
{%- endmacro %}

{% macro default__exact_number(text) -%}
    cast({{ text }} as decimal(38, 9))
{%- endmacro %}

{#- DuckDB 1.5 reads a text into 128 bits a hundred times slower than into 64: measured, 2 million in 6.9 and 0.08 s. -#}
{% macro duckdb__exact_number(text) -%}
    coalesce(
            cast(try_cast({{ text }} as decimal(18, 9)) as decimal(38, 9)),
            case when strpos({{ text }}, '.') = 0 then cast(try_cast({{ text }} as bigint) as decimal(38, 9)) end,
            cast({{ text }} as decimal(38, 9))
        )
{%- endmacro %}
