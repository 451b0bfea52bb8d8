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
  Side by side again: the value of each and the method that made it, null where nothing stands; and how sure all of them
  are, as `weakest_of` and `known_of` have it of joined inputs, counted over rows. Of an input that is not there nothing
  was reported.
-#}
{% macro beside_each_other(relation, inputs) -%}
    {%- set lacking = 'count(*) < ' ~ inputs | length -%}
    {%- set other = units_differ('first_set', 'first_count', 'unit_set', 'n_reported') -%}
    {%- set are_others = 'max(case when ' ~ other ~ ' then 1 else 0 end) = 1' -%}
    select
        map, org_unit_key, period_key,
        {%- for input in inputs %}
        max(case when input_no = {{ loop.index }} then obs_value end) as {{ input }},
        max(case when input_no = {{ loop.index }} then method_version end) as method_of_{{ input }},
        {%- endfor %}
        greatest(max(caution), case when {{ lacking }} then {{ status_caution("'O'") }} end) as caution,
        cast(
            case
                when {{ are_others }}
                    then greatest(0, coalesce(max(n_expected), 0) - sum(coalesce(n_expected, 0) - coalesce(n_reported, 0)))
                else least(min(coalesce(n_reported, 0)), case when {{ lacking }} then 0 end)
            end as integer
        ) as n_reported,
        coalesce(max(n_expected), 0) as n_expected,
        case
            when {{ are_others }}
                then cast(greatest(
                    0, 1 - sum(cast(1 - coverage as decimal(18, 12))) - ({{ inputs | length }} - count(*))
                ) as double)
            else least(min(coverage), case when {{ lacking }} then 0 end)
        end as coverage,
        case
            when
                count(unit_set) = {{ inputs | length }}
                and min(case when input_no = 1 or not {{ other }} then 1 else 0 end) = 1
                then max(unit_set)
        end as unit_set,
        max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic,
        false as is_uneven,
        max(caution) as known_caution,
        min(coverage) as known_coverage,
        false as is_broken
    from {{ relation }}
    group by map, org_unit_key, period_key
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
