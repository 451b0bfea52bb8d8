{#- An indicator's values, with what is known of them. Called by generated models only. -#}

{#-
  The values with what is known of them. A value made of part of the expected units is an estimate. A missing value says
  why: two methods were to be compared (B), an input is missing (its own status), too few units have reported (O), or all
  inputs are zero, so that there was nothing to measure (M). `tolerant`: a value may be made without some inputs;
  `reweighted`: it is then an estimate.
-#}
{% macro valued(relation, inputs, tolerant=false, reweighted=false, carried='') -%}
select
    map,
    org_unit_key,
    period_key,{{ ' ' ~ carried ~ ',' if carried }}
    obs_value,
    case
        {% if tolerant -%}
        when obs_value is not null and (known_coverage < 1 or is_uneven{{ ' or caution >= 7' if reweighted }})
            and known_caution < 5
            then 'E'
        when obs_value is not null then {{ status_from_caution('least(known_caution, 6)') }}
        when is_broken then 'B'
        when caution >= 7 then {{ status_from_caution('caution') }}
        {% else -%}
        when obs_value is not null and (coverage < 1 or is_uneven) and caution < 5 then 'E'
        when obs_value is not null then {{ status_from_caution('least(caution, 6)') }}
        when caution >= 7 then {{ status_from_caution('caution') }}
        when {% for input in inputs %}{{ input }} = 0{{ ' and ' if not loop.last }}{% endfor %} then 'M'
        {% endif -%}
        else 'O'
    end as obs_status,
    n_reported,
    n_expected,
    {{ 'case when obs_value is null then coverage else known_coverage end as coverage' if tolerant else 'coverage' }},
    case when obs_value is not null then unit_set end as unit_set,
    is_synthetic,
    false as is_derived
from {{ relation }}
{%- endmacro %}

{#- The model's rows: a method's values, cut to its own periods and levels. -#}
{% macro indicator_rows(relation, indicator_key, method_version, first_key=none, last_key=none, levels=[]) -%}
select
    cast({{ indicator_key }} as integer) as indicator_key,
    org_unit_key,
    period_key,
    cast(map as {{ map_type() }}) as map,
    cast({{ method_version }} as integer) as method_version,
    obs_value,
    cast(obs_status as {{ status_type() }}) as obs_status,
    n_reported,
    n_expected,
    coverage,
    unit_set,
    is_synthetic,
    is_derived
from {{ relation }}
{%- set conditions = [] -%}
{%- if first_key is not none %}{% do conditions.append('period_key between ' ~ first_key ~ ' and ' ~ last_key) %}{% endif -%}
{%- if levels %}{% do conditions.append("level in ('" ~ levels | join("', '") ~ "')") %}{% endif -%}
{%- if conditions %}
where {{ conditions | join(' and ') }}
{%- endif %}
{%- endmacro %}
