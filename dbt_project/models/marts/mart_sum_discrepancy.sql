-- Figures of a unit beside the sum of what the units below it reported, in words: the national figure of one agency
-- beside what the provinces sent. Where all of them have reported and the two differ by more than may be, the row is
-- flagged; both figures stay what they are. Grain: measure, measure of the units, org unit, period, breakdown.
with named as (
    select
        held.*,
        measures.measure, measures.name_vi as measure_name_vi, measures.name_en as measure_name_en,
        coalesce(nullif(declared.symbol_vi, ''), declared.name_vi, measures.unit) as unit_vi,
        of_units.measure as units_measure, of_units.name_vi as units_measure_name_vi,
        units.org_unit_code, units.short_name_vi as org_unit_name_vi, units.province_code, units.province_name_vi,
        periods.time_period, periods.label_vi as period_label_vi,
        breakdowns.breakdown,
        producers.org_unit_code as producer_code, producers.short_name_vi as producer_name_vi,
        reporters.org_unit_code as reporter_code, reporters.short_name_vi as reporter_name_vi,
        reporters.name_en as reporter_name_en,
        case
            when held.n_units_producers = 1 then units_producers.short_name_vi else held.n_units_producers || ' cơ quan'
        end as units_producer_name_vi,
        case
            when held.n_units_reporters = 1 then units_reporters.short_name_vi else held.n_units_reporters || ' đơn vị'
        end as units_reporter_name_vi,
        held.reported_value - held.units_sum as difference,
        held.n_reported >= held.n_expected as is_complete
    from {{ ref('int_own_beside_sum') }} as held
    inner join {{ ref('dim_measure') }} as measures on held.measure_key = measures.measure_key
    inner join {{ ref('dim_measure') }} as of_units on held.units_measure_key = of_units.measure_key
    inner join {{ ref('dim_org_unit') }} as units on held.org_unit_key = units.org_unit_key
    inner join {{ ref('dim_org_unit') }} as producers on held.producer_key = producers.org_unit_key
    inner join {{ ref('dim_org_unit') }} as reporters on held.reporter_key = reporters.org_unit_key
    inner join {{ ref('dim_org_unit') }} as units_producers on held.units_producer_key = units_producers.org_unit_key
    inner join {{ ref('dim_org_unit') }} as units_reporters on held.units_reporter_key = units_reporters.org_unit_key
    inner join {{ source('reference', 'period') }} as periods on held.period_key = periods.period_key
    inner join {{ source('spec', 'breakdown') }} as breakdowns on held.breakdown_key = breakdowns.breakdown_key
    left join {{ source('spec', 'unit') }} as declared on measures.unit = declared.unit
),

told as (
    select
        *,
        is_complete and abs(difference) > tolerance as is_flagged,
        {{ vi_plain('cast(reported_value as double)') }} as reported_text,
        {{ vi_plain('cast(units_sum as double)') }} as sum_text,
        {{ vi_plain('cast(abs(difference) as double)') }} as difference_text,
        n_reported || '/' || n_expected as units_text
    from named
)

select
    measure, measure_name_vi, measure_name_en, unit_vi, units_measure, units_measure_name_vi,
    org_unit_code, org_unit_name_vi, province_code, province_name_vi, time_period, period_label_vi, breakdown,
    cast(reported_value as double) as reported_value,
    cast(units_sum as double) as units_sum,
    cast(difference as double) as difference,
    cast(tolerance as double) as tolerance,
    producer_code, producer_name_vi, reporter_code, reporter_name_vi, units_producer_name_vi, units_reporter_name_vi,
    n_reported, n_expected, coverage, citation, is_synthetic, is_complete, is_flagged,
    reporter_name_vi || ' báo cáo ' || reported_text || '; cộng ' || units_text || ' đơn vị cấp dưới được ' || sum_text
    || case
        when not is_complete then ': chưa đủ đơn vị báo cáo để đối chiếu'
        when is_flagged then ': lệch ' || difference_text || ', quá mức cho phép'
        else ': trong mức cho phép'
    end as message_vi,
    reporter_name_en || ' reported ' || translate(reported_text, '.,', ',.') || '; ' || units_text
    || ' units below add up to ' || translate(sum_text, '.,', ',.')
    || case
        when not is_complete then ': not all of them have reported yet'
        when is_flagged then ': ' || translate(difference_text, '.,', ',.') || ' apart, more than the tolerance'
        else ': within the tolerance'
    end as message_en
from told
order by measure, units_measure, org_unit_code, time_period, breakdown
