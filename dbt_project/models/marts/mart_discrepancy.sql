-- Computed values beside the figure that was published for the same unit and period. Where they differ by more than
-- may be, the row is flagged; the computed value stays what it is. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator'}) }}
with held_against as (
    select
        facts.indicator_key,
        facts.org_unit_key,
        facts.period_key,
        facts.obs_value as computed,
        cast(observations.obs_value as double) as published,
        cast(rules.tolerance as double) as tolerance,
        observations.producer_key,
        observations.citation,
        -- Nine decimals, as figures are kept: the last digits of a double are no discrepancy.
        round(facts.obs_value - cast(observations.obs_value as double), 9) as difference
    from {{ ref('int_scoreboard_context') }} as facts
    inner join {{ source('spec', 'published') }} as rules
        on facts.indicator_key = rules.indicator_key and facts.method_version = rules.method_version
    inner join {{ ref('int_observations') }} as observations
        on
            rules.measure_key = observations.measure_key
            and facts.org_unit_key = observations.org_unit_key
            and facts.period_key = observations.period_key
            and case
                when rules.producer_key is null then observations.is_preferred
                else rules.producer_key = observations.producer_key
            end
    inner join {{ source('spec', 'breakdown') }} as breakdowns
        on observations.breakdown_key = breakdowns.breakdown_key and breakdowns.breakdown = '_T'
    where
        facts.obs_value is not null and observations.obs_value is not null
        and {{ of_changed('indicator_key', 'facts') }}
),

told as (
    select
        indicators.indicator,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        units.org_unit_code,
        units.short_name_vi as org_unit_name_vi,
        units.province_code,
        units.province_name_vi,
        periods.time_period,
        periods.label_vi as period_label_vi,
        held_against.computed, held_against.published, held_against.difference, held_against.tolerance,
        producers.org_unit_code as producer_code,
        producers.short_name_vi as producer_name_vi,
        producers.name_en as producer_name_en,
        held_against.citation,
        abs(held_against.difference) > held_against.tolerance as is_flagged,
        {{ vi_plain('round(held_against.computed, indicators.decimals + 2)') }} as computed_text_vi,
        {{ vi_plain('held_against.published') }} as published_text_vi,
        {{ vi_plain('held_against.tolerance') }} as tolerance_text_vi
    from held_against
    inner join {{ ref('dim_indicator') }} as indicators on held_against.indicator_key = indicators.indicator_key
    inner join {{ ref('dim_org_unit') }} as units on held_against.org_unit_key = units.org_unit_key
    inner join {{ ref('dim_org_unit') }} as producers on held_against.producer_key = producers.org_unit_key
    inner join {{ source('reference', 'period') }} as periods on held_against.period_key = periods.period_key
)

select
    indicator, indicator_name_vi, indicator_name_en, org_unit_code, org_unit_name_vi, province_code, province_name_vi,
    time_period, period_label_vi, computed, published, difference, tolerance,
    producer_code, producer_name_vi, citation, is_flagged,
    'Tính được ' || computed_text_vi || ', ' || producer_name_vi || ' công bố ' || published_text_vi
    || case when is_flagged then ': lệch quá mức cho phép ' else ': trong mức cho phép ' end || tolerance_text_vi
        as message_vi,
    'Computed ' || translate(computed_text_vi, '.,', ',.') || ', published by ' || producer_name_en || ' as '
    || translate(published_text_vi, '.,', ',.')
    || case when is_flagged then ': more apart than the tolerance of ' else ': within the tolerance of ' end
    || translate(tolerance_text_vi, '.,', ',.') as message_en
from told
order by indicator, org_unit_code, time_period
