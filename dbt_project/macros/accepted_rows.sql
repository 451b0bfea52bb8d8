{#-
  The accepted rows of one dataset, from exactly the files that the ledger's committed batches name. Never a glob: a file
  renamed into place before its commit is not data. `since`: of later batches only.
-#}
{% macro accepted_rows(source_id, dataset_id, since=none) -%}
    {{ return(adapter.dispatch('accepted_rows')(source_id, dataset_id, since)) }}
{%- endmacro %}

{% macro duckdb__accepted_rows(source_id, dataset_id, since) -%}
    {%- set columns = [
        'row_no', 'place', 'measure', 'org_unit', 'time_period', 'breakdown', 'obs_value', 'obs_status', 'producer',
        'published_date', 'is_synthetic', 'citation',
    ] -%}
    {%- set home = env_var('CHISO_HOME') -%}
    {%- set paths = accepted_paths(source_id, dataset_id, since) -%}
    {%- if paths %}
    select
        {{ columns | join(', ') }},
        substr(filename, {{ home | length + 2 }}) as accepted_path
    from read_parquet([
        {%- for path in paths %}
        '{{ (home ~ '/' ~ path) | replace("'", "''") }}'{{ ',' if not loop.last }}
        {%- endfor %}
    ], filename = true)
    {%- else %}
    select
        cast(null as bigint) as row_no,
        {%- for column in columns[1:] if column != 'is_synthetic' %}
        cast(null as varchar) as {{ column }},
        {%- endfor %}
        cast(null as boolean) as is_synthetic,
        cast(null as varchar) as accepted_path
    where 1 = 0
    {%- endif %}
{%- endmacro %}

{#- Paths relative to CHISO_HOME, in order; empty while dbt only parses. -#}
{% macro accepted_paths(source_id, dataset_id, since=none) -%}
    {%- if not execute -%}{{ return([]) }}{%- endif -%}
    {%- set statement -%}
        select distinct accepted_path
        from {{ source('ledger', 'batch') }}
        where source = '{{ source_id }}' and dataset = '{{ dataset_id }}' and accepted_path is not null
        {%- if since is not none %} and batch_no > {{ since }}{% endif %}
        order by accepted_path
    {%- endset -%}
    {{ return(run_query(statement).columns[0].values() | list) }}
{%- endmacro %}
