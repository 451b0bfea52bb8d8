{#-
  The accepted rows of one dataset, each with its batch, from exactly the files that the ledger names: those that lie
  loose, and the parts of compactions. Never a glob: a file renamed into place before its commit is not data. `since`: of
  later batches only.
-#}
{% macro accepted_rows(source_id, dataset_id, since=none) -%}
    {%- set columns = [
        'row_no', 'place', 'measure', 'org_unit', 'time_period', 'breakdown', 'obs_value', 'obs_status', 'producer',
        'published_date', 'is_synthetic', 'citation',
    ] | join(', ') -%}
    {%- set files = accepted_files(source_id, dataset_id, since) -%}
    {%- set loose, parts = files.loose, files.parts -%}
    {%- if loose -%}
    select
        batches.batch_no,
        {{ columns }}
    from {{ rows_of_files(loose) }} as files
    inner join {{ source('ledger', 'batch') }} as batches on files.path = batches.accepted_path
    where
        batches.source = '{{ source_id }}' and batches.dataset = '{{ dataset_id }}' and batches.compaction_no is null
        {%- if since is not none %} and batches.batch_no > {{ since }}{% endif %}
    {%- endif %}
    {%- if loose and parts %}
    union all
    {%- endif %}
    {%- if parts %}
    select
        batch_no,
        {{ columns }}
    from {{ rows_of_files(parts) }} as files
    {%- if since is not none %}
    where batch_no > {{ since }}
    {%- endif %}
    {%- endif %}
    {%- if not loose and not parts %}
    {{ no_rows() }}
    {%- endif %}
{%- endmacro %}

{#- Files, relative to CHISO_HOME, as a table: their rows, and the path that each comes from. -#}
{% macro rows_of_files(paths) -%}
    {{ return(adapter.dispatch('rows_of_files')(paths)) }}
{%- endmacro %}

{% macro duckdb__rows_of_files(paths) -%}
    {%- set home = env_var('CHISO_HOME') -%}
    (
        select *, substr(filename, {{ home | length + 2 }}) as path
        from read_parquet([
            {%- for path in paths %}
            '{{ (home ~ '/' ~ path) | replace("'", "''") }}'{{ ',' if not loop.last }}
            {%- endfor %}
        ], filename = true)
    )
{%- endmacro %}

{% macro no_rows() -%}
    select
        cast(null as bigint) as batch_no,
        cast(null as bigint) as row_no,
        {%- for column in [
            'place', 'measure', 'org_unit', 'time_period', 'breakdown', 'obs_value', 'obs_status', 'producer',
            'published_date', 'citation',
        ] %}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        cast(null as boolean) as is_synthetic
    where 1 = 0
{%- endmacro %}
