-- Lists that an indicator's sheet needs, each as one text. Grain: indicator.
with inputs as (
    select
        inputs.indicator_key,
        inputs.input || ': ' || coalesce(measures.name_vi, indicators.name_vi) as input_vi,
        inputs.input || ': ' || coalesce(measures.name_en, indicators.name_en) as input_en
    from {{ source('spec', 'indicator_input') }} as inputs
    left join {{ ref('dim_measure') }} as measures on inputs.measure_key = measures.measure_key
    left join {{ source('spec', 'indicator') }} as indicators on inputs.source_indicator_key = indicators.indicator_key
),

input_lists as (
    select
        indicator_key,
        {{ dbt.listagg('input_vi', "'; '", 'order by input_vi') }} as inputs_vi,
        {{ dbt.listagg('input_en', "'; '", 'order by input_en') }} as inputs_en
    from inputs
    group by indicator_key
),

sources as (
    select distinct reads.indicator_key, details.source_name_vi || ' – ' || details.dataset_name_vi as source_vi
    from {{ ref('int_indicator_measure') }} as reads
    inner join {{ ref('dim_measure') }} as details on reads.measure_key = details.measure_key
),

source_lists as (
    select indicator_key, {{ dbt.listagg('source_vi', "'; '", 'order by source_vi') }} as sources_vi
    from sources
    group by indicator_key
),

aims as (
    select
        targets.indicator_key,
        case targets.level
            when 'nation' then 'cả nước ' when 'province' then 'cấp tỉnh ' when 'commune' then 'cấp xã '
            when 'ministry' then 'bộ, ngành ' else ''
        end
        || {{ vi_goal('targets.operator', 'targets.value', 'targets.value_high', 'details') }}
        || coalesce(' đến ' || lower(deadlines.label_vi), '') || ' (' || targets.source || ')' as target_vi
    from {{ source('spec', 'target') }} as targets
    inner join {{ ref('dim_indicator') }} as details on targets.indicator_key = details.indicator_key
    left join {{ source('reference', 'period') }} as deadlines on targets.by_period = deadlines.time_period
    where targets.value is not null
),

target_lists as (
    select indicator_key, {{ dbt.listagg('target_vi', "'; '", 'order by target_vi') }} as targets_vi
    from aims
    group by indicator_key
)

select
    indicators.indicator_key,
    input_lists.inputs_vi,
    input_lists.inputs_en,
    source_lists.sources_vi,
    target_lists.targets_vi
from {{ source('spec', 'indicator') }} as indicators
left join input_lists on indicators.indicator_key = input_lists.indicator_key
left join source_lists on indicators.indicator_key = source_lists.indicator_key
left join target_lists on indicators.indicator_key = target_lists.indicator_key
order by indicators.indicator_key
