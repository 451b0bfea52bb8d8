-- How areas became others, as known when the marts were computed.
select
    event,
    from_code,
    to_code,
    effective_date,
    share,
    legal_basis
from {{ source('reference', 'org_unit_event') }}
