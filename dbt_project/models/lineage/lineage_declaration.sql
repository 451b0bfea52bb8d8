-- What was declared of indicators, measures, datasets and their reporters when the marts were computed: the rules
-- behind the numbers, so that the next release can say which of them it changed. Grain: subject, aspect, item.
select
    subject_kind,
    subject,
    aspect,
    item,
    declared_text
from {{ source('spec', 'declaration') }}
