{#- Where every input is merely the latest. Called by generated models only, each within a CTE. -#}

{#-
  Inputs of which each is merely the latest, one below the other: dozens of joins cost more than what they join. Each is
  a relation, for how many months its values stand, and whether they tell their method.
-#}
{% macro each_given(inputs) -%}
    {%- for relation, months, has_method in inputs %}
    select
        {{ loop.index }} as input_no, {{ months }} as months,
        map, org_unit_key, period_key, cast(obs_value as double) as obs_value, obs_status,
        n_reported, n_expected, coverage, unit_set, is_synthetic,
        {{ 'method_version' if has_method else 'cast(null as integer) as method_version' }}
    from {{ relation }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- As `latest_before`, of each of them and for the units that are wanted, beside the first input of its row. -#}
{% macro latest_of_each(relation, units, frequency, first_key, last_key, min_coverage) -%}
    select
        latest.*,
        {{ first_of_row('latest.unit_set') }} as first_set,
        {{ first_of_row('latest.n_reported') }} as first_count
    from (
        select
            known.map, known.org_unit_key, periods.period_key, known.input_no, known.obs_value,
            {{ status_caution('known.obs_status') }} as caution,
            known.n_reported, known.n_expected, known.coverage, known.unit_set, known.is_synthetic, known.method_version
        from (
            {{ until_next(relation, min_coverage, ['input_no', 'map', 'org_unit_key'], units) }}
        ) as known
        inner join {{ source('reference', 'period') }} as periods
            on {{ stands('known.months') }} and (known.next_date is null or periods.end_date < known.next_date)
        where periods.frequency = '{{ frequency }}' and periods.period_key between {{ first_key }} and {{ last_key }}
    ) as latest
{%- endmacro %}

{% macro first_of_row(column) -%}
    max(case when latest.input_no = 1 then {{ column }} end) over (
            partition by latest.map, latest.org_unit_key, latest.period_key
        )
{%- endmacro %}

{#-
  Where every input is the latest, none says by itself which periods there are: up to the one of the newest figure of any
  unit that stands in one of them.
-#}
{% macro newest_given(relation, frequency, first_key, last_key, min_coverage) -%}
    select max(known.end_date) as last_date
    from (
        select ends.end_date, given.months
        from {{ relation }} as given
        inner join {{ source('reference', 'period') }} as ends on given.period_key = ends.period_key
        where given.obs_value is not null and given.coverage >= {{ min_coverage }}
        group by ends.end_date, given.months
    ) as known
    inner join {{ source('reference', 'period') }} as periods on {{ stands('known.months') }}
    where periods.frequency = '{{ frequency }}' and periods.period_key between {{ first_key }} and {{ last_key }}
{%- endmacro %}
