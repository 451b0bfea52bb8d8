-- Grain: one row per year, publishing body and vintage of the whole country.
select
    'KTS' as series_code,
    'VN' as unit_code,
    cast(k.nam as varchar(4)) as year,
    k.ti_trong as value,
    k.trang_thai as status,
    k.co_quan_cong_bo as producer,
    k.ngay_cong_bo as published_date,
    k.trich_dan as citation
from thong_ke.kinh_te_so as k
order by k.nam, k.co_quan_cong_bo, k.ngay_cong_bo
