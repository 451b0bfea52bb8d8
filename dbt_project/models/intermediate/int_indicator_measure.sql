-- Measures that an indicator reads, directly or through other indicators. Grain: indicator, measure.
with recursive reads as (
    select indicator_key, measure_key, source_indicator_key
    from {{ source('spec', 'indicator_input') }}
    union
    select reads.indicator_key, inputs.measure_key, inputs.source_indicator_key
    from reads
    inner join {{ source('spec', 'indicator_input') }} as inputs on reads.source_indicator_key = inputs.indicator_key
)

select distinct indicator_key, measure_key
from reads
where measure_key is not null
order by indicator_key, measure_key
