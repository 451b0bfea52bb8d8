{#- Roll-up of values, not of inputs. Called by generated models only, within a CTE. -#}

{#-
  Values of units made of the values below them: their mean, by weight where they have one. Of sums of decimals, so that
  the order of units does not matter. Units that have a row of their own in `own` keep it.
-#}
{% macro mean_of(relation, levels, own, min_coverage, is_weighted=false, merged=false) -%}
    select
        map, org_unit_key, period_key, level, weight,
        case when coverage >= {{ min_coverage }} then total / nullif(divisor, 0) end as obs_value,
        case
            when coverage >= {{ min_coverage }} and coalesce(divisor, 0) <> 0 then
                case
                    when coverage < 1 and caution < 5 then 'E'
                    else {{ status_from_caution('least(caution, 6)') }}
                end
            else 'O'
        end as obs_status,
        n_reported, n_expected, coverage, unit_set, is_synthetic, true as is_derived
    from (
        select
            upper_map as map, upper_key as org_unit_key, upper_period_key as period_key,
            '{{ levels[0][0] }}' as level,
            {% set is_known = 'obs_value is not null' ~ (' and weight is not null' if is_weighted else '') -%}
            {% set share = 'obs_value * weight' if is_weighted else 'obs_value' -%}
            {% set divisor = 'weight' if is_weighted else '1' -%}
            cast(sum(try_cast({{ share }} as decimal(38, 12))) as double) as total,
            cast(sum(case when {{ is_known }} then try_cast({{ divisor }} as decimal(38, 12)) end) as double)
                as divisor,
            {{ 'cast(sum(try_cast(weight as decimal(38, 12))) as double)' if is_weighted else 'cast(null as double)' }}
                as weight,
            cast(sum(case when {{ is_known }} then 1 else 0 end) as integer) as n_reported,
            cast(count(*) as integer) as n_expected,
            cast(sum(case when {{ is_known }} then 1 else 0 end) as double) / count(*) as coverage,
            cast(sum(case when {{ is_known }} then {{ mark_of('child_key') }} else 0 end) as bigint) as unit_set,
            max(case when {{ is_known }} then {{ status_caution('obs_status') }} end) as caution,
            max(case when is_synthetic then 1 else 0 end) = 1 as is_synthetic
        from {{ units_below(relation, levels, merged) }}
        group by upper_map, upper_key, upper_period_key
        having count(org_unit_key) > 0
    ) as gathered
    where not exists (
        select 1
        from {{ own }} as own
        where
            own.map = gathered.map and own.org_unit_key = gathered.org_unit_key
            and own.period_key = gathered.period_key
    )
{%- endmacro %}
