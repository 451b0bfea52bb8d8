{#- Dozens of inputs as columns of one row. Called by generated models only, within a CTE. -#}

{#-
  Side by side again: the value of each and the method that made it, null where nothing stands; and how sure all of them
  are, as `weakest_of` and `known_of` have it of joined inputs, counted over rows. Of an input that is not there nothing
  was reported.
-#}
{% macro beside_each_other(relation, inputs) -%}
    {%- set lacking = 'count(*) < ' ~ inputs | length -%}
    {%- set other = units_differ('first_set', 'first_count', 'unit_set', 'n_reported') -%}
    {%- set are_others = 'max(case when ' ~ other ~ ' then 1 else 0 end) = 1' -%}
    select
        map, org_unit_key, period_key,
        {%- for input in inputs %}
        max(case when input_no = {{ loop.index }} then obs_value end) as {{ input }},
        max(case when input_no = {{ loop.index }} then method_version end) as method_of_{{ input }},
        {%- endfor %}
        greatest(max(caution), case when {{ lacking }} then {{ status_caution("'O'") }} end) as caution,
        cast(
            case
                when {{ are_others }}
                    then greatest(0, coalesce(max(n_expected), 0) - sum(coalesce(n_expected, 0) - coalesce(n_reported, 0)))
                else least(min(coalesce(n_reported, 0)), case when {{ lacking }} then 0 end)
            end as integer
        ) as n_reported,
        coalesce(max(n_expected), 0) as n_expected,
        case
            when {{ are_others }}
                then cast(greatest(
                    0, 1 - sum(cast(1 - coverage as decimal(18, 12))) - ({{ inputs | length }} - count(*))
                ) as double)
            else least(min(coverage), case when {{ lacking }} then 0 end)
        end as coverage,
        case
            when
                count(unit_set) = {{ inputs | length }}
                and min(case when input_no = 1 or not {{ other }} then 1 else 0 end) = 1
                then max(unit_set)
        end as unit_set,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        false as is_uneven,
        max(caution) as known_caution,
        min(coverage) as known_coverage,
        false as is_broken
    from {{ relation }}
    group by map, org_unit_key, period_key
{%- endmacro %}
