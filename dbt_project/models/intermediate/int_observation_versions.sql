-- Every version of every observation, the current one last: a provisional figure supersedes an estimate, an official
-- one both, however late those come; then a later vintage an earlier one, and of two of one vintage the one that was
-- received later. A batch that awaits verification is provisional, whatever it says. Nothing is ever dropped here.
-- Built in part, it numbers the versions of what changed anew: those that stand here, and those of later batches.
{{ config(meta={'slice': 'measure_key'}) }}
{%- set columns = [
    'measure_key', 'org_unit_key', 'period_key', 'breakdown_key', 'producer_key', 'obs_value', 'obs_status',
    'published_date', 'is_synthetic', 'citation', 'batch_no', 'row_no', 'place',
] | join(', ') %}
{%- set changed = var('changed', none) %}
with staged as (
    {% if changed is not mapping %}
        {{ union_of(staging_models()) | indent(8) }}
    {% else %}
        select {{ columns }}
        from {{ this }}
        where {{ of_changed('measure_key') }} and batch_no <= {{ changed.since_batch }}
        {% for model in changed.staging %}
            union all
            select {{ columns }}
            from {{ staged_later(model) | indent(8) }} as later
        {% endfor %}
    {% endif %}
),

provisional as (
    select batch_no
    from {{ source('ledger', 'batch') }}
    where is_provisional
),

numbered as (
    select
        staged.*,
        row_number() over (
            partition by measure_key, org_unit_key, period_key, breakdown_key, producer_key
            order by
                case
                    when provisional.batch_no is null or {{ status_finality('obs_status') }} = 0
                        then {{ status_finality('obs_status') }}
                    else 1
                end,
                published_date nulls first, staged.batch_no, row_no
        ) as version_no,
        count(*) over (
            partition by measure_key, org_unit_key, period_key, breakdown_key, producer_key
        ) as n_versions
    from staged
    left join provisional on staged.batch_no = provisional.batch_no
)

select
    measure_key,
    org_unit_key,
    period_key,
    breakdown_key,
    producer_key,
    version_no,
    version_no = n_versions as is_current,
    obs_value,
    obs_status,
    published_date,
    is_synthetic,
    citation,
    batch_no,
    row_no,
    place
from numbered
order by measure_key, period_key, org_unit_key, producer_key, version_no
