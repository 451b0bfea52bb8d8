{#- Inputs of a longer period than the figures. Called by generated models only, each within a CTE. -#}

{#-
  A period made of all its `count` parts, `step` of which follow one another until the next period begins: their sum, and
  missing where one is missing. A part of which nothing is known was expected of as many units as the others. All parts of
  one set of units are of that set; otherwise the parts' sets in their order make a mark of their own.
-#}
{% macro sum_of_parts(relation, base, wider_base, step, count) -%}
    select
        map,
        org_unit_key,
        {{ wider_period(base, wider_base, step) }} as period_key,
        case when count(obs_value) = {{ count }} then cast(sum(obs_value) as double) end as obs_value,
        {{ status_from_caution(
            'case when count(*) < ' ~ count ~ ' then 10 else max(' ~ status_caution('obs_status') ~ ') end'
        ) }} as obs_status,
        cast(sum(n_reported) as integer) as n_reported,
        cast({{ expected_of_parts(count) }} as integer) as n_expected,
        cast(sum(n_reported) as double) / ({{ expected_of_parts(count) }}) as coverage,
        {{ units_of_parts(base, step) }} as unit_set,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic
    from {{ relation }}
    {%- if count < step %}
    where mod(period_key - {{ base }}, {{ step }}) < {{ count }}
    {%- endif %}
    group by map, org_unit_key, {{ wider_period(base, wider_base, step) }}
{%- endmacro %}

{% macro expected_of_parts(count) -%}
    sum(n_expected) + ({{ count }} - count(*)) * max(n_expected)
{%- endmacro %}

{#- Each mark is below 2^53 then, so that the sum of twelve of them, times their place, fits 64 bits. -#}
{% macro units_of_parts(base, step) -%}
    case
            when min(unit_set) = max(unit_set) then max(unit_set)
            else cast(
                sum(mod(unit_set, 9007199254740881) * (1 + mod(period_key - {{ base }}, {{ step }}))) as bigint
            )
        end
{%- endmacro %}

{#- A period by the last of its `count` parts. -#}
{% macro last_part(relation, base, wider_base, step, count) -%}
    select
        map, org_unit_key, {{ wider_period(base, wider_base, step) }} as period_key,
        cast(obs_value as double) as obs_value, obs_status, n_reported, n_expected, coverage, unit_set, is_synthetic
    from {{ relation }}
    where mod(period_key - {{ base }}, {{ step }}) = {{ count - 1 }}
{%- endmacro %}

{% macro wider_period(base, wider_base, step) -%}
    cast(floor((period_key - {{ base }}) / {{ step }}) as integer) + {{ wider_base }}
{%- endmacro %}
