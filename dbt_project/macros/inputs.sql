{#- How a figure of one period becomes the input of another. Called by generated models only, each within a CTE. -#}

{#- The same figures as doubles, in which formulas are computed. -#}
{% macro in_doubles(relation) -%}
    select
        map, org_unit_key, period_key, cast(obs_value as double) as obs_value, obs_status,
        n_reported, n_expected, coverage, unit_set, is_synthetic
    from {{ relation }}
{%- endmacro %}

{#-
  What a running total has grown by since the period before, within a span of `length` periods; in the first of a span the
  total itself. Where the period before is missing or the total has fallen, what the period brought is not known; nor
  where the two were summed over different units.
-#}
{% macro difference_within(relation, base, length) -%}
    {%- set is_known -%}
        obs_value >= previous_value
                and not {{ units_differ('unit_set', 'n_reported', 'previous_unit_set', 'previous_n_reported') }}
    {%- endset -%}
    select
        map,
        org_unit_key,
        period_key,
        case
            when is_first then obs_value
            when {{ is_known }}
                then obs_value - previous_value
        end as obs_value,
        case
            when is_first or obs_value is null then obs_status
            when {{ is_known }}
                then {{ status_from_caution('greatest(' ~ status_caution('obs_status') ~ ', previous_caution)') }}
            else 'O'
        end as obs_status,
        case when is_first then n_reported else least(n_reported, coalesce(previous_n_reported, 0)) end as n_reported,
        n_expected,
        case when is_first then coverage else least(coverage, coalesce(previous_coverage, 0)) end as coverage,
        unit_set,
        is_synthetic or (not is_first and coalesce(was_synthetic, false)) as is_synthetic
    from (
        select
            *,
            mod(period_key - {{ base }}, {{ length }}) = 0 as is_first,
            max(obs_value) over before as previous_value,
            max({{ status_caution('obs_status') }}) over before as previous_caution,
            max(n_reported) over before as previous_n_reported,
            max(coverage) over before as previous_coverage,
            max(unit_set) over before as previous_unit_set,
            max(case when is_synthetic then 1 else 0 end) over before = 1 as was_synthetic
        from {{ relation }}
        window before as (
            partition by map, org_unit_key order by period_key range between 1 preceding and 1 preceding
        )
    ) as beside_the_period_before
{%- endmacro %}
