{#- Several columns together name one row. -#}
{% test unique_grain(model, columns) %}
select {{ columns | join(', ') }}, count(*) as n_rows
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{#- No row lacks any of these columns. -#}
{% test never_null(model, columns) %}
select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}

{#-
  Two figures of one vintage in one batch: which of them holds would be chance. Only figures that have several versions
  can have two alike.
-#}
{% test one_version_a_vintage(model) %}
select measure_key, org_unit_key, period_key, breakdown_key, producer_key, published_date, batch_no, count(*) as n_rows
from {{ model }}
where version_no > 1 or not is_current
group by measure_key, org_unit_key, period_key, breakdown_key, producer_key, published_date, batch_no
having count(*) > 1
{% endtest %}

{#- Of a figure each producer has one row. Only figures of which a row is not preferred have several. -#}
{% test one_row_a_producer(model) %}
with several as (
    select distinct measure_key, org_unit_key, period_key, breakdown_key
    from {{ model }}
    where not is_preferred
)

select measure_key, org_unit_key, period_key, breakdown_key, producer_key, count(*) as n_rows
from {{ model }}
inner join several using (measure_key, org_unit_key, period_key, breakdown_key)
group by measure_key, org_unit_key, period_key, breakdown_key, producer_key
having count(*) > 1
{% endtest %}
