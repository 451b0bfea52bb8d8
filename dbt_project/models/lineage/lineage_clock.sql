-- The day on which deadlines were read. One row.
select as_of_date
from {{ source('ledger', 'clock') }}
