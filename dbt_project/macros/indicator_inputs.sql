{#- An indicator's inputs side by side. Called by generated models only. -#}

{#-
  The formula's inputs side by side: a figure is no surer than its least sure input, and covers no more. Of those that
  are `alike`, numerator and denominator, it is told whether they speak of the same units; where there are no marks of
  the units, of as many. If all inputs are of one set of units the row is of that set, else it has no mark; an input that
  is merely the `latest` may be of other units if it covers all of them.
-#}
{% macro weakest_of(inputs, alike=none) -%}
        {{ widest('greatest', inputs, 'obs_status') }} as caution,
        {{ with_all_inputs(inputs, 'n_reported', widest('greatest', inputs, 'n_expected')) }} as n_reported,
        {{ widest('greatest', inputs, 'n_expected') }} as n_expected,
        {{ with_all_inputs(inputs, 'coverage', '1') }} as coverage,
        {{ one_set(inputs, alike) }} as unit_set,
        {% for input in inputs -%}
        coalesce(in_{{ input }}.is_synthetic, false){{ ' or ' if not loop.last }}
        {%- endfor %} as is_synthetic,
        {% set alike = inputs if alike is none else alike -%}
        {% for input in alike[1:] -%}
        coalesce({{ inputs_differ(alike[0], input) }}, in_{{ input }}.n_reported <> in_{{ alike[0] }}.n_reported)
        {{- ' or ' if not loop.last }}
        {%- else -%}
        false
        {%- endfor %} as is_uneven
{%- endmacro %}

{#-
  Of as many units as are sure to have given every input: as many as the least covered input, if the inputs are of the
  same units. If not, those that lack one input are others than those that lack another: at worst all of them are.
-#}
{% macro with_all_inputs(inputs, column, whole) -%}
    {%- set least = widest('least', inputs, column) -%}
    {%- if inputs | length == 1 -%}
        {{ least }}
    {%- else -%}
        case
            when {% for input in inputs[1:] %}{{ inputs_differ(inputs[0], input) }}{{ ' or ' if not loop.last }}{% endfor %}
                then greatest(0, {{ whole }}
                {%- for input in inputs %} - {{ lacking(input, column) }}{% endfor %})
            else {{ least }}
        end
    {%- endif -%}
{%- endmacro %}

{% macro lacking(input, column) -%}
    ({{ '1' if column == 'coverage' else 'coalesce(in_' ~ input ~ '.n_expected, 0)' }} - coalesce(in_{{ input }}.{{ column }}, 0))
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
