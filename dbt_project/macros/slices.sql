{#-
  Building in part. A model whose `meta.slice` names a column can be built for some values of it: its rows of those
  values are replaced, all others stay. The variable `changed` says which values: column → list; a column that it does
  not name has changed altogether. Without the variable everything is built whole. No value depends on how it was built.
-#}

{#- A condition on the rows that changed. Literals, so that it reaches the sorted tables beneath. -#}
{% macro of_changed(slice, relation=none) -%}
    {%- set changed = var('changed', none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- if changed is not mapping or slice not in changed -%}
        1 = 1
    {%- elif not changed[slice] -%}
        1 = 0
    {%- else -%}
        {{ prefix }}{{ slice }} in (
        {%- for value in changed[slice] %}{{ "'" ~ value ~ "'" if value is string else value }}{{ ', ' if not loop.last }}{% endfor -%}
        )
    {%- endif -%}
{%- endmacro %}

{#- Whether only some values of a slice are to be built. -#}
{% macro is_in_part(slice) -%}
    {%- set changed = var('changed', none) -%}
    {{ return(changed is mapping and slice in changed) }}
{%- endmacro %}

{#- The rows of a staging model that came with later batches than the warehouse holds, read from their files alone. -#}
{% macro staged_later(staging_model) -%}
    {%- set source_id, dataset_id = staging_model.removeprefix('stg_').split('__') -%}
    (
        with {{ conform(source_id, dataset_id, since=var('changed').since_batch) }}

        select * from conformed
    )
{%- endmacro %}

{#- A test looks at the rows that were built, not at those that stand since they were last tested. -#}
{% macro get_where_subquery(relation) -%}
    {%- set changed = var('changed', none) -%}
    {%- if changed is not mapping or not execute -%}
        {{ return(relation) }}
    {%- elif relation.identifier in changed.staging -%}
        {{ return(staged_later(relation.identifier) ~ ' as built') }}
    {%- elif relation.identifier == 'fct_indicator_value' -%}
        {{ return(values_to_build() ~ ' as built') }}
    {%- endif -%}
    {%- set node = graph.nodes.get('model.' ~ project_name ~ '.' ~ relation.identifier) -%}
    {%- set slice = node.config.meta.get('slice') if node -%}
    {%- if slice and slice in changed -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ of_changed(slice) ~ ') as built') }}
    {%- endif -%}
    {{ return(relation) }}
{%- endmacro %}
