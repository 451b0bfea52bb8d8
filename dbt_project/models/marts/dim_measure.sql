-- Measures with the source and dataset that they come from.
select
    measures.measure_key,
    measures.measure,
    measures.source,
    sources.name_vi as source_name_vi,
    sources.kind as source_kind,
    sources.owner,
    measures.dataset,
    datasets.name_vi as dataset_name_vi,
    measures.name_vi,
    measures.name_en,
    measures.unit,
    coalesce(nullif(units.symbol_vi, ''), units.name_vi, measures.unit) as unit_vi,
    measures.nature,
    measures.frequency
from {{ source('spec', 'measure') }} as measures
inner join {{ source('spec', 'source') }} as sources on measures.source = sources.source
inner join {{ source('spec', 'dataset') }} as datasets
    on measures.source = datasets.source and measures.dataset = datasets.dataset
left join {{ source('spec', 'unit') }} as units on measures.unit = units.unit
order by measures.measure_key
