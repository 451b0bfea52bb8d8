-- Indicators, with the words that people read for their codes.
with reported_by_agencies as (
    select distinct measures.indicator_key, true as is_reported_by_agencies
    from {{ ref('int_indicator_measure') }} as measures
    inner join {{ ref('dim_measure') }} as details on measures.measure_key = details.measure_key
    where details.source_kind = 'workbook'
)

select
    indicators.*,
    coalesce(nullif(units.symbol_vi, ''), units.name_vi, indicators.unit) as unit_vi,
    coalesce(units.symbol_vi, '') as unit_symbol,
    case indicators.layer
        when 'central' then 'Trung ương'
        when 'agency' then 'Bộ, ngành, địa phương'
        when 'field' then 'Lĩnh vực'
        else indicators.layer
    end as layer_vi,
    {{ confidence_vi('indicators.confidence_definition') }} as confidence_definition_vi,
    {{ confidence_vi('indicators.confidence_formula') }} as confidence_formula_vi,
    {{ confidence_vi('indicators.confidence_target') }} as confidence_target_vi,
    case
        when
            indicators.confidence_definition = 'verified'
            and indicators.confidence_formula = 'verified'
            and indicators.confidence_target = 'verified'
            then 'Đã đối chiếu văn bản'
        else
            'Định nghĩa ' || {{ confidence_vi('indicators.confidence_definition') }}
            || '; công thức ' || {{ confidence_vi('indicators.confidence_formula') }}
            || '; chỉ tiêu ' || {{ confidence_vi('indicators.confidence_target') }}
    end as confidence_vi,
    coalesce(reported_by_agencies.is_reported_by_agencies, false) as is_reported_by_agencies
from {{ source('spec', 'indicator') }} as indicators
left join {{ source('spec', 'unit') }} as units on indicators.unit = units.unit
left join reported_by_agencies on indicators.indicator_key = reported_by_agencies.indicator_key
order by indicators.indicator_key
