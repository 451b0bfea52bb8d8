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
