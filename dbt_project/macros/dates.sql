{#- Of two dates of which either may be open: the later start, the earlier end. -#}
{% macro later_of(first, second) -%}
    case when {{ second }} is null or {{ first }} > {{ second }} then {{ first }} else {{ second }} end
{%- endmacro %}

{% macro earlier_of(first, second) -%}
    case when {{ second }} is null or {{ first }} < {{ second }} then {{ first }} else {{ second }} end
{%- endmacro %}

{#- A span with open ends covers a day. -#}
{% macro covers(valid_from, valid_to, day) -%}
    ({{ valid_from }} is null or {{ valid_from }} <= {{ day }}) and ({{ valid_to }} is null or {{ valid_to }} >= {{ day }})
{%- endmacro %}

{#- The day before a date, as a date on every engine. -#}
{% macro day_before(day) -%}
    cast({{ day }} - interval '1' day as date)
{%- endmacro %}

{% macro day_after(day) -%}
    cast({{ day }} + interval '1' day as date)
{%- endmacro %}

{#- A day lies in an era: from its first day to the day before the next. -#}
{% macro in_era(day, eras) -%}
    {{ day }} >= {{ eras }}.since_date and ({{ eras }}.next_date is null or {{ day }} < {{ eras }}.next_date)
{%- endmacro %}
