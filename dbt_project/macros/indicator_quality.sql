{#- How sure a row is that is made of more than its own inputs. Called by generated models only. -#}

{#- The same of those inputs that have a value, where the formula can do without some. -#}
{% macro known_of(inputs) -%}
        {%- set cautions = [] -%}
        {%- set coverages = [] -%}
        {%- for input in inputs -%}
            {%- set known = 'case when in_' ~ input ~ '.obs_value is not null then ' -%}
            {%- do cautions.append('coalesce(' ~ known ~ status_caution('in_' ~ input ~ '.obs_status') ~ ' end, 0)') -%}
            {%- do coverages.append('coalesce(' ~ known ~ 'in_' ~ input ~ '.coverage end, 1)') -%}
        {%- endfor -%}
        {{ cautions[0] if inputs | length == 1 else 'greatest(' ~ cautions | join(', ') ~ ')' }} as known_caution,
        {{ coverages[0] if inputs | length == 1 else 'least(' ~ coverages | join(', ') ~ ')' }} as known_coverage,
        false as is_broken
{%- endmacro %}

{#-
  How sure a row is that looks at others of its unit: through windows over time (`frames`) or at `fixed` periods. Where
  one of these lies in other methods of an input, what is compared is not the same thing: the row is broken. Where one is
  of other units, or has no mark, the row has none.
-#}
{% macro seen_through(frames, fixed, methods) -%}
    {%- set places = [] -%}
    {%- for frame in frames -%}
        {%- do places.append(['', ' over (' ~ frame ~ ')']) -%}
    {%- endfor -%}
    {%- for key in fixed -%}
        {%- do places.append(['case when period_key = ' ~ key ~ ' then ', ' over (partition by map, org_unit_key)']) -%}
    {%- endfor -%}
    {%- for column, aggregate, worst in [
        ('caution', 'max', 'greatest'), ('known_caution', 'max', 'greatest'), ('n_reported', 'min', 'least'),
        ('n_expected', 'max', 'greatest'), ('coverage', 'min', 'least'), ('known_coverage', 'min', 'least')
    ] -%}
        {{ worst }}({{ column }}
        {%- for before, over in places -%}
            , coalesce({{ aggregate }}({{ before }}{{ column }}{{ ' end' if before }}){{ over }}, {{ column }})
        {%- endfor %}) as {{ column }},
        {% endfor -%}
        {{ one_set_seen(places) }} as unit_set,
        {% for column in ['is_synthetic', 'is_uneven'] -%}
        {{ column }}
        {%- for before, over in places %} or {{ any_of(column, before, over) }}{% endfor %} as {{ column }},
        {% endfor -%}
        is_broken
        {%- for before, over in places %} or {{ any_of('is_broken', before, over) }}
            {%- for method in methods %}
            or coalesce(min({{ before }}{{ method }}{{ ' end' if before }}){{ over }} <> {{ method }}, false)
            or coalesce(max({{ before }}{{ method }}{{ ' end' if before }}){{ over }} <> {{ method }}, false)
            {%- endfor -%}
        {%- endfor %} as is_broken
{%- endmacro %}

{#-
  How sure a row (`now`) is that looks at one `earlier` row of its unit, or would where there is none. Where the two lie
  in different methods of an input, what is compared is not the same thing: the row is broken. What `never` is true of any
  row is not looked up.
-#}
{% macro seen_before(methods, never=[]) -%}
    {%- for column, worst in [
        ('caution', 'greatest'), ('known_caution', 'greatest'), ('n_reported', 'least'),
        ('n_expected', 'greatest'), ('coverage', 'least'), ('known_coverage', 'least')
    ] -%}
        {{ worst }}(now.{{ column }}, coalesce(earlier.{{ column }}, now.{{ column }})) as {{ column }},
        {% endfor -%}
    case when now.unit_set = earlier.unit_set then now.unit_set end as unit_set,
        {% for column in ['is_synthetic', 'is_uneven'] -%}
        {{ 'now.' ~ column if column in never else
            'coalesce(now.' ~ column ~ ', false) or coalesce(earlier.' ~ column ~ ', false)' }} as {{ column }},
        {% endfor -%}
        now.is_broken{{ ' or coalesce(earlier.is_broken, false)' if 'is_broken' not in never }}
        {%- for method in methods %} or coalesce(earlier.{{ method }} <> now.{{ method }}, false)
        {%- endfor %} as is_broken
{%- endmacro %}

{% macro any_of(column, before, over) -%}
    coalesce(max({{ before }}case when {{ column }} then 1 else 0 end{{ ' end' if before }}){{ over }}, 0) = 1
{%- endmacro %}
