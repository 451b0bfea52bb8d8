{#- All rows of several models of one shape. -#}
{% macro union_of(models) -%}
    {%- for model in models -%}
select * from {{ ref(model) }}
{%- if not loop.last %}
union all
{% endif -%}
    {%- endfor -%}
{%- endmacro %}
