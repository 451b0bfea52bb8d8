-- Grain: one row per series, year and vintage of the whole country.
select
    s.ma_chuoi as series_code,
    'VN' as unit_code,
    cast(s.nam as varchar(4)) as year,
    s.gia_tri as value,
    s.trang_thai as status,
    s.co_quan_cong_bo as producer,
    s.ngay_cong_bo as published_date,
    s.trich_dan as citation
from thong_ke.so_lieu_ca_nuoc as s
order by s.ma_chuoi, s.nam, s.co_quan_cong_bo, s.ngay_cong_bo
