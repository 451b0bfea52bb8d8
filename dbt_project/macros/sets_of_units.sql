{#-
  Which units a figure is made of: a mark by which two sets are told apart, whatever the order of their units. Called by
  generated models and by int_org_group.
-#}

{#-
  What a unit adds to the mark of a set of units: the square of its key (a hash itself) modulo a prime below 2^48, so that
  sums over different sets differ.
-#}
{% macro mark_of(org_unit_key) -%}
    mod(cast({{ org_unit_key }} as bigint) * cast({{ org_unit_key }} as bigint), 281474976710597)
{%- endmacro %}

{% macro inputs_differ(first, second) -%}
    {{ units_differ(
        'in_' ~ first ~ '.unit_set', 'in_' ~ first ~ '.n_reported', 'in_' ~ second ~ '.unit_set', 'in_' ~ second ~ '.n_reported'
    ) }}
{%- endmacro %}

{#-
  Whether two figures are of different units, by their marks: unknown where one has none. A unit's own figure, of mark 0,
  is of the same units as that of a single unit below it, such as the province that it was.
-#}
{% macro units_differ(first_set, first_count, second_set, second_count) -%}
    ({{ first_set }} <> {{ second_set }} and not (0 in ({{ first_set }}, {{ second_set }}) and {{ first_count }} = {{ second_count }}))
{%- endmacro %}

{#- The mark of the inputs that are alike, if they have one; a unit's own figure beside its only unit's is of that unit. -#}
{% macro one_set(inputs, alike) -%}
    {%- set alike = alike or inputs -%}
    {%- set first = alike[0] -%}
    {%- set conditions = [] -%}
    {%- set marks = [] -%}
    {%- for input in alike -%}
        {%- do marks.append('in_' ~ input ~ '.unit_set') -%}
        {%- do conditions.append('in_' ~ input ~ '.unit_set is not null') -%}
    {%- endfor -%}
    {%- for input in inputs if input != first -%}
        {%- set same = 'not ' ~ inputs_differ(first, input) -%}
        {%- do conditions.append(same if input in alike else '(in_' ~ input ~ '.coverage = 1 or ' ~ same ~ ')') -%}
    {%- endfor -%}
    {%- if inputs | length == 1 -%}
        {{ marks[0] }}
    {%- else -%}
        case
            when {{ conditions | join(' and ') }}
                then {{ marks[0] if marks | length == 1 else 'greatest(' ~ marks | join(', ') ~ ')' }}
        end
    {%- endif -%}
{%- endmacro %}

{#- The mark of a row that looks at others of its unit in several `places`, if all of them are of its own set. -#}
{% macro one_set_seen(places) -%}
    {%- set mark = 'coalesce(unit_set, -1)' -%}
    {%- set conditions = [] -%}
    {%- for before, over in places -%}
        {%- for aggregate in ['min', 'max'] -%}
            {%- do conditions.append(aggregate ~ '(' ~ before ~ mark ~ (' end' if before else '') ~ ')' ~ over ~ ' = unit_set') -%}
        {%- endfor -%}
    {%- endfor -%}
    case when {{ conditions | join(' and ') }} then unit_set end
{%- endmacro %}
