{#-
  Tables and views on DuckDB, in one statement where dbt's own take six and search all relations three times: DuckDB
  replaces either in one step, which needs no transaction around it. A table in part where `meta.slice` says so
  (see slices.sql).
-#}
{% materialization table, adapter = 'duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set slice = config.get('meta', {}).get('slice') -%}
    {%- set is_partial = slice and is_in_part(slice) -%}
    {%- if is_partial and existing is none -%}
        {{ exceptions.raise_compiler_error(this ~ ' cannot be built in part: it has never been built whole') }}
    {%- endif -%}
    {%- if existing is not none and not existing.is_table -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}
    {% call statement('main', auto_begin=is_partial) -%}
        {%- if is_partial %}
            {#- First all of it, then the change: a model may read the rows that it replaces. #}
            create or replace temp table built_{{ this.identifier }} as ({{ compiled_code }});
            delete from {{ target_relation }} where {{ of_changed(slice) }};
            insert into {{ target_relation }} by name from built_{{ this.identifier }};
            drop table built_{{ this.identifier }}
        {%- else %}
            create or replace table {{ target_relation }} as ({{ compiled_code }})
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {%- if is_partial %}{{ adapter.commit() }}{% endif %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, adapter = 'duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- if existing is not none and not existing.is_view -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}
    {% call statement('main', auto_begin=false) -%}
        create or replace view {{ target_relation }} as ({{ compiled_code }})
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
