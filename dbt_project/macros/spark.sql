{#- What Spark writes otherwise than DuckDB; everything else in the models is ANSI or one of dbt's own macros. -#}
{% macro spark__vi_number(value, decimals) -%}
    replace(replace(replace(
        case {{ decimals }}
        {%- for places in range(7) %}
            when {{ places }} then format_number(round({{ value }}, {{ places }}) + 0.0, {{ places }})
        {%- endfor %}
        end,
        ',', '~'
    ), '.', ','), '~', '.')
{%- endmacro %}

{% macro spark__vi_date(column) -%}
    date_format({{ column }}, 'dd/MM/yyyy')
{%- endmacro %}

{% macro spark__accepted_rows(source_id, dataset_id, since=none) -%}
    {%- set columns = [
        'row_no', 'place', 'measure', 'org_unit', 'time_period', 'breakdown', 'obs_value', 'obs_status', 'producer',
        'published_date', 'is_synthetic', 'citation',
    ] -%}
    {%- set home = env_var('CHISO_HOME') -%}
    {%- for path in accepted_paths(source_id, dataset_id, since) %}
    select {{ columns | join(', ') }}, '{{ path }}' as accepted_path
    from parquet.`{{ home }}/{{ path }}`
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        cast(null as bigint) as row_no,
        {%- for column in columns[1:] if column != 'is_synthetic' %}
        cast(null as string) as {{ column }},
        {%- endfor %}
        cast(null as boolean) as is_synthetic,
        cast(null as string) as accepted_path
    where 1 = 0
    {%- endfor %}
{%- endmacro %}
