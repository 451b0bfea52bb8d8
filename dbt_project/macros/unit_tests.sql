{#-
  dbt compares the rows of a unit test as they are; the last digits of a double are no part of an example. Both sides are
  rounded to nine decimals, the precision in which measures are kept.
-#}
{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
    {%- set columns = [] -%}
    {%- for name in expected_column_names -%}
        {%- do columns.append(
            'round(obs_value, 9) as obs_value' if name | lower | replace('"', '') == 'obs_value' else name
        ) -%}
    {%- endfor -%}
with dbt_internal_unit_test_actual as (
    select {{ columns | join(', ') }}, {{ dbt.string_literal('actual') }} as {{ adapter.quote('actual_or_expected') }}
    from ({{ main_sql }}) as _dbt_internal_unit_test_actual
),

dbt_internal_unit_test_expected as (
    select {{ columns | join(', ') }}, {{ dbt.string_literal('expected') }} as {{ adapter.quote('actual_or_expected') }}
    from ({{ expected_fixture_sql }}) as _dbt_internal_unit_test_expected
)

select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected
{%- endmacro %}
