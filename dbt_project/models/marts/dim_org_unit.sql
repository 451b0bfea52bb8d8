-- Org units: areas and bodies. `province_code` is the unit itself for a province and the parent for a commune, and
-- empty for the nation and for bodies: row-level security reads it.
with units as (
    select * from {{ source('reference', 'org_unit') }}
)

select
    units.org_unit_key,
    units.org_unit_code,
    units.kind,
    units.level,
    case units.level when 'nation' then 1 when 'ministry' then 2 when 'province' then 3 else 4 end as level_no,
    units.name_vi,
    units.name_en,
    units.short_name_vi,
    units.parent_code,
    units.hierarchy,
    units.valid_from,
    units.valid_to,
    case
        when units.level = 'province' then units.org_unit_code
        when units.level = 'commune' then units.parent_code
    end as province_code,
    case
        when units.level = 'province' then units.short_name_vi
        when units.level = 'commune' then provinces.short_name_vi
    end as province_name_vi
from units
left join units as provinces on units.parent_code = provinces.org_unit_code and units.level = 'commune'
order by units.org_unit_key
