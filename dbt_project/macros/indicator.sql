{#- What every indicator model does around its formula. Called by generated models only. -#}

{#- The formula's inputs side by side: a figure is no surer than its least sure input, and covers no more. -#}
{% macro weakest_of(inputs) -%}
        {{ widest('greatest', inputs, 'obs_status') }} as caution,
        {{ widest('least', inputs, 'n_reported') }} as n_reported,
        {{ widest('greatest', inputs, 'n_expected') }} as n_expected,
        {{ widest('least', inputs, 'coverage') }} as coverage,
        {% for input in inputs -%}
        coalesce(in_{{ input }}.is_synthetic, false){{ ' or ' if not loop.last }}
        {%- endfor %} as is_synthetic,
        -- Counts of units that differ: numerator and denominator do not speak of the same units.
        {% for input in inputs[1:] -%}
        in_{{ input }}.n_reported <> in_{{ inputs[0] }}.n_reported{{ ' or ' if not loop.last }}
        {%- else -%}
        false
        {%- endfor %} as is_uneven
{%- endmacro %}

{#- One column of all inputs; of an input that is not there, nothing was reported. -#}
{% macro widest(function, inputs, column) -%}
    {%- set parts = [] -%}
    {%- for input in inputs -%}
        {%- set value = 'in_' ~ input ~ '.' ~ column -%}
        {%- do parts.append(status_caution(value) if column == 'obs_status' else 'coalesce(' ~ value ~ ', 0)') -%}
    {%- endfor -%}
    {{ parts[0] if parts | length == 1 else function ~ '(' ~ parts | join(', ') ~ ')' }}
{%- endmacro %}

{#-
  The model's rows. A value made of part of the expected units is an estimate. A missing value says why: an input is
  missing (its own status), too few units have reported (O), or all inputs are zero, so that there was nothing to
  measure (M).
-#}
{% macro indicator_rows(relation, indicator_key, method_version, inputs) -%}
select
    cast({{ indicator_key }} as integer) as indicator_key,
    org_unit_key,
    period_key,
    map,
    cast({{ method_version }} as integer) as method_version,
    obs_value,
    case
        when obs_value is not null and (coverage < 1 or is_uneven) and caution < 5 then 'E'
        when obs_value is not null then {{ status_from_caution('least(caution, 6)') }}
        when caution >= 7 then {{ status_from_caution('caution') }}
        when {% for input in inputs %}{{ input }} = 0{{ ' and ' if not loop.last }}{% endfor %} then 'M'
        else 'O'
    end as obs_status,
    n_reported,
    n_expected,
    coverage,
    is_synthetic
from {{ relation }}
{%- endmacro %}
