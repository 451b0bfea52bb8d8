{#- All rows of several models of one shape. -#}
{% macro union_of(models) -%}
    {%- for model in models -%}
select * from {{ ref(model) }}
{%- if not loop.last %}
union all
{% endif -%}
    {%- endfor -%}
{%- endmacro %}

{#-
  The values of all indicators, or in a build in part of those that changed: to plan a reading of five hundred tables
  takes longer than to read three. Whoever reads it also filters by `of_changed`.
-#}
{% macro values_to_build() -%}
    {%- set everything = ref('fct_indicator_value') -%}
    {%- if not (execute and is_in_part('indicator') and var('changed').indicator) -%}
        {{ return(everything) }}
    {%- endif -%}
    (
    {%- for indicator in var('changed').indicator %}
        select * from {{ graph.nodes['model.' ~ project_name ~ '.ind_' ~ indicator].relation_name }}
        {%- if not loop.last %}
        union all
        {%- endif %}
    {%- endfor %}
    )
{%- endmacro %}
