-- Grain: one row per province and year. Codes of the list of 34 take the letter P, of the list of 63 the letter F.
select
    case g.danh_muc when 34 then 'P' else 'F' end || g.ma_tinh as unit_code,
    cast(g.nam as varchar(4)) as year,
    g.grdp_ty_dong as grdp,
    g.trang_thai as status,
    g.co_quan_cong_bo as producer,
    g.trich_dan as citation
from thong_ke.grdp_tinh as g
order by g.nam, g.danh_muc, g.ma_tinh
