{#- Numbers and days as Vietnamese officers write them: 1.234,5 and 09/10/2026. -#}
{% macro vi_number(value, decimals) -%}
    {{ return(adapter.dispatch('vi_number')(value, decimals)) }}
{%- endmacro %}

{% macro duckdb__vi_number(value, decimals) -%}
    {#- Adding 0 turns a rounded -0.0 into 0.0. -#}
    replace(replace(replace(
        case {{ decimals }}
        {%- for places in range(7) %}
            when {{ places }} then format('{:,.{{ places }}f}', round({{ value }}, {{ places }}) + 0.0)
        {%- endfor %}
        end,
        ',', '~'
    ), '.', ','), '~', '.')
{%- endmacro %}

{#- A figure as its document gives it: up to six decimals, no trailing zeros. -#}
{% macro vi_plain(value) -%}
    regexp_replace({{ vi_number(value, 6) }}, ',?0*$', '')
{%- endmacro %}

{% macro vi_date(column) -%}
    {{ return(adapter.dispatch('vi_date')(column)) }}
{%- endmacro %}

{% macro duckdb__vi_date(column) -%}
    strftime({{ column }}, '%d/%m/%Y')
{%- endmacro %}

{#- The day in Việt Nam of an instant in UTC: seven hours ahead since 1975, no summer time. -#}
{% macro day_in_vietnam(column) -%}
    cast({{ dbt.dateadd('hour', 7, column) }} as date)
{%- endmacro %}
