{#- Of a figure's producers one, and only one, is preferred. -#}
{% test one_preferred_producer(model) %}
select measure_key, org_unit_key, period_key, breakdown_key
from {{ model }}
group by measure_key, org_unit_key, period_key, breakdown_key
having sum(case when is_preferred then 1 else 0 end) <> 1
{% endtest %}

{#- Never more units reported than expected; where somebody reported whose figure could be moved whole, there is a sum. -#}
{% test coverage_within_bounds(model) %}
select *
from {{ model }}
where n_reported > n_expected or n_expected < 1 or (obs_value is null and n_reported > 0)
{% endtest %}

{#- No verdict on a missing value, and none withheld without a reason in words. -#}
{% test no_light_without_value(model) %}
select *
from {{ model }}
where
    (obs_value is null and light not in ('no_data', 'not_assessable'))
    or (obs_value is not null and light = 'no_data')
    or light_reason_vi is null
{% endtest %}

{#- Of a figure's versions, one is what the indicator takes. -#}
{% test at_most_one_chosen(model) %}
select indicator, org_unit_code, time_period
from {{ model }}
group by indicator, org_unit_code, time_period
having sum(case when is_chosen then 1 else 0 end) > 1
{% endtest %}
