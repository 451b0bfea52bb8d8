{#-
  What a target asks at the end of a period. From the baseline to the deadline on a straight line by days (or, stepwise,
  the baseline until the deadline); from the deadline on the goal itself; a yearly goal in every period.
-#}
{% macro required_value(end_date, targets='targets') -%}
    case
        when {{ targets }}.kind in ('average_of_period', 'rising', 'assessed') then null
        when
            {{ targets }}.kind in ('each_year', 'keep') or {{ targets }}.deadline_date is null
            or {{ end_date }} >= {{ targets }}.deadline_date
            then cast({{ targets }}.goal as double)
        when {{ targets }}.baseline_value is null or {{ end_date }} < {{ targets }}.baseline_date then null
        when {{ targets }}.trajectory = 'step' then cast({{ targets }}.baseline_value as double)
        else
            cast({{ targets }}.baseline_value as double)
            + (cast({{ targets }}.goal as double) - cast({{ targets }}.baseline_value as double))
            * {{ dbt.datediff(targets ~ '.baseline_date', end_date, 'day') }}
            / cast({{ dbt.datediff(targets ~ '.baseline_date', targets ~ '.deadline_date', 'day') }} as double)
    end
{%- endmacro %}
