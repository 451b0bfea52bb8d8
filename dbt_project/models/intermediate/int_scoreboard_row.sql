-- The rows of the scoreboard: each value once, and a row for every unit that owes the latest period and is silent.
-- Worked out in what reads it, as the values are. Grain: indicator, org unit, period.
{{ config(materialized='ephemeral') }}
select
    computed.indicator_key, computed.org_unit_key, computed.period_key, computed.map, computed.method_version,
    computed.obs_value, computed.obs_status, computed.n_reported, computed.n_expected, computed.coverage,
    computed.is_synthetic, false as is_silent
from {{ ref('int_chosen_value') }} as computed
inner join {{ ref('dim_org_unit') }} as units on computed.org_unit_key = units.org_unit_key
inner join {{ source('reference', 'period') }} as periods on computed.period_key = periods.period_key
inner join {{ ref('int_latest_period') }} as latest
    on computed.indicator_key = latest.indicator_key and units.level = latest.level
cross join {{ source('ledger', 'clock') }} as clock
where {{ is_shown('computed', 'periods.end_date') }} or periods.end_date <= latest.latest_end_date
union all
select
    indicator_key, org_unit_key, period_key, map, cast(null as integer) as method_version,
    cast(null as double) as obs_value, 'O' as obs_status, 0 as n_reported, 1 as n_expected,
    cast(0 as double) as coverage, false as is_synthetic, true as is_silent
from {{ ref('int_scoreboard_silent') }}
