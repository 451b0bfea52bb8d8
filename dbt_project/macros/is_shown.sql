{#-
  Whether a value stands on the scoreboard: it is known, or somebody has reported. A period that is not over and of which
  only a part is known has nothing to say yet. Needs the day as `clock`.
-#}
{% macro is_shown(facts, end_date) -%}
    (
        {{ facts }}.obs_value is not null
        or ({{ facts }}.n_reported > 0 and ({{ facts }}.coverage = 1 or {{ end_date }} < clock.as_of_date))
    )
{%- endmacro %}
