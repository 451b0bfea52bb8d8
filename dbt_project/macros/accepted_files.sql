{#- Which files hold the accepted rows of a dataset, as the ledger says. Paths are relative to CHISO_HOME. -#}

{#-
  Those that lie loose (`loose`) and the parts that hold merged batches (`parts`), each in order; none while dbt only
  parses. In one question: each costs dbt as much as a small model. `since`: of later batches only.
-#}
{% macro accepted_files(source_id, dataset_id, since=none) -%}
    {%- if not execute -%}{{ return({'loose': [], 'parts': []}) }}{%- endif -%}
    {%- set of_dataset = "where source = '" ~ source_id ~ "' and dataset = '" ~ dataset_id ~ "'" -%}
    {%- set files = run_query(
        "select distinct 'loose' as kind, accepted_path as path from " ~ source('ledger', 'batch') ~ " " ~ of_dataset
        ~ " and accepted_path is not null and compaction_no is null"
        ~ (" and batch_no > " ~ since if since is not none else "")
        ~ " union all select 'parts' as kind, path from " ~ source('ledger', 'part') ~ " " ~ of_dataset
        ~ (" and compaction_no in (select compaction_no from " ~ source('ledger', 'batch')
           ~ " where batch_no > " ~ since ~ ")" if since is not none else "")
        ~ " order by kind, path"
    ).rows -%}
    {{ return({
        'loose': files | selectattr('kind', 'equalto', 'loose') | map(attribute='path') | list,
        'parts': files | selectattr('kind', 'equalto', 'parts') | map(attribute='path') | list,
    }) }}
{%- endmacro %}
