{#- Which files hold the accepted rows of a dataset, as the ledger says. Paths are relative to CHISO_HOME. -#}

{#- Loose files of a dataset, in order; none while dbt only parses. -#}
{% macro loose_paths(source_id, dataset_id, since=none) -%}
    {{ return(listed(
        "select distinct accepted_path from " ~ source('ledger', 'batch')
        ~ " where source = '" ~ source_id ~ "' and dataset = '" ~ dataset_id ~ "'"
        ~ " and accepted_path is not null and compaction_no is null"
        ~ (" and batch_no > " ~ since if since is not none else "")
        ~ " order by accepted_path"
    )) }}
{%- endmacro %}

{#- Parts that hold batches of a dataset, in order. -#}
{% macro part_paths(source_id, dataset_id, since=none) -%}
    {{ return(listed(
        "select path from " ~ source('ledger', 'part')
        ~ " where source = '" ~ source_id ~ "' and dataset = '" ~ dataset_id ~ "'"
        ~ (" and compaction_no in (select compaction_no from " ~ source('ledger', 'batch')
           ~ " where batch_no > " ~ since ~ ")" if since is not none else "")
        ~ " order by path"
    )) }}
{%- endmacro %}

{% macro listed(statement) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {{ return(run_query(statement).columns[0].values() | list) }}
{%- endmacro %}
