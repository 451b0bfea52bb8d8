-- Where each indicator stands, for whom, against what, and why. Grain: indicator, org unit, period.
{{ config(meta={'slice': 'indicator'}) }}
select
    indicators.indicator,
    indicators.name_vi as indicator_name_vi,
    indicators.name_en as indicator_name_en,
    indicators.codes,
    indicators.layer_vi,
    indicators.theme_vi,
    indicators.unit_vi,
    indicators.decimals,
    indicators.direction,
    units.org_unit_code,
    units.short_name_vi as org_unit_name_vi,
    units.kind as org_unit_kind,
    units.province_code,
    units.province_name_vi,
    periods.time_period,
    periods.label_vi as period_label_vi,
    periods.start_date as period_start_date,
    facts.is_latest,
    facts.obs_value,
    facts.value_text_vi,
    facts.previous_time_period,
    facts.previous_value,
    facts.change,
    facts.change_text_vi,
    facts.target_text_vi,
    cast(facts.goal as double) as target_value,
    facts.required_value,
    facts.gap,
    facts.light,
    {{ light_vi('facts.light') }} as light_vi,
    {{ light_order('facts.light') }} as light_order,
    facts.light_reason_vi,
    facts.light_reason_en,
    facts.coverage,
    facts.coverage_text_vi,
    facts.n_reported,
    facts.n_expected,
    facts.obs_status,
    {{ status_vi('facts.obs_status') }} as obs_status_vi,
    facts.is_synthetic,
    case
        when facts.is_synthetic then 'Số liệu giả lập'
        when indicators.is_reported_by_agencies then 'Số liệu báo cáo'
        else 'Số liệu công bố'
    end as provenance_vi,
    indicators.confidence_vi,
    indicators.lead as lead_code,
    indicators.lead_name_vi,
    facts.rank_in_peers,
    facts.n_peers,
    facts.map,
    facts.method_version
from {{ ref('int_scoreboard_text') }} as facts
inner join {{ ref('dim_indicator') }} as indicators on facts.indicator_key = indicators.indicator_key
inner join {{ ref('dim_org_unit') }} as units on facts.org_unit_key = units.org_unit_key
inner join {{ source('reference', 'period') }} as periods on facts.period_key = periods.period_key
where {{ of_changed('indicator_key', 'facts') }}
order by light_order, indicators.indicator, units.org_unit_code, periods.time_period
