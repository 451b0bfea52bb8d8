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

{% macro spark__rows_of_files(paths) -%}
    {%- set home = env_var('CHISO_HOME') -%}
    (
        {%- for path in paths %}
        select *, '{{ path }}' as path from parquet.`{{ home }}/{{ path }}`
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
