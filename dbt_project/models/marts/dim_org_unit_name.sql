-- The names of org units, each with the days on which it was borne: what a unit was called in a period.
-- Grain: org unit, valid_from.
select
    names.org_unit_key,
    units.org_unit_code,
    names.name_vi,
    names.name_en,
    names.short_name_vi,
    names.type_vi,
    names.valid_from,
    names.valid_to,
    names.legal_basis
from {{ source('reference', 'org_unit_name') }} as names
inner join {{ source('reference', 'org_unit') }} as units on names.org_unit_key = units.org_unit_key
order by names.org_unit_key, names.valid_from
