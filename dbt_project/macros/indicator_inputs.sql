{#- An indicator's inputs side by side. Called by generated models only. -#}

{#-
  The formula's inputs side by side: a figure is no surer than its least sure input, and covers no more. Of those that
  are `alike`, numerator and denominator, it is told whether they speak of the same units.
-#}
{% macro weakest_of(inputs, alike=none) -%}
        {{ widest('greatest', inputs, 'obs_status') }} as caution,
        {{ widest('least', inputs, 'n_reported') }} as n_reported,
        {{ widest('greatest', inputs, 'n_expected') }} as n_expected,
        {{ widest('least', inputs, 'coverage') }} as coverage,
        {% for input in inputs -%}
        coalesce(in_{{ input }}.is_synthetic, false){{ ' or ' if not loop.last }}
        {%- endfor %} as is_synthetic,
        {% set alike = inputs if alike is none else alike -%}
        -- Counts of units that differ: numerator and denominator do not speak of the same units.
        {% for input in alike[1:] -%}
        in_{{ input }}.n_reported <> in_{{ alike[0] }}.n_reported{{ ' or ' if not loop.last }}
        {%- else -%}
        false
        {%- endfor %} as is_uneven
{%- endmacro %}

{#- One column of all inputs; of an input that is not there, nothing was reported. -#}
{% macro widest(function, inputs, column) -%}
    {%- set parts = [] -%}
    {%- for input in inputs -%}
        {%- set value = 'in_' ~ input ~ '.' ~ column -%}
        {%- do parts.append(
            status_caution(value, 'in_' ~ input ~ '.obs_value') if column == 'obs_status' else 'coalesce(' ~ value ~ ', 0)'
        ) -%}
    {%- endfor -%}
    {{ parts[0] if parts | length == 1 else function ~ '(' ~ parts | join(', ') ~ ')' }}
{%- endmacro %}
