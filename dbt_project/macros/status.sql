{#-
  SDMX CL_OBS_STATUS as an order of caution, so that what is made from several figures carries the status of the least
  certain of them. Q suppressed, L not collected, O not reported, M not applicable; then F forecast, E estimated,
  I imputed, P provisional, V unverified, B break, A normal. B of a missing `value`, which would have compared two methods,
  is the gravest.
-#}
{% macro status_caution(column, value=none) -%}
    case {{ column }}
        when 'A' then 0
        when 'B' then {{ 1 if value is none else 'case when ' ~ value ~ ' is null then 11 else 1 end' }}
        when 'V' then 2 when 'P' then 3 when 'I' then 4 when 'E' then 5 when 'F' then 6
        when 'M' then 7 when 'L' then 8 when 'Q' then 9 else 10
    end
{%- endmacro %}

{#- How final a figure is: an estimate, then a provisional figure, then an official one, whatever the order of arrival. -#}
{% macro status_finality(column) -%}
    case when {{ column }} in ('E', 'F', 'I') then 0 when {{ column }} in ('P', 'V') then 1 else 2 end
{%- endmacro %}

{% macro status_from_caution(expression) -%}
    case {{ expression }}
        when 0 then 'A' when 1 then 'B' when 2 then 'V' when 3 then 'P' when 4 then 'I' when 5 then 'E' when 6 then 'F'
        when 7 then 'M' when 8 then 'L' when 9 then 'Q' when 11 then 'B' else 'O'
    end
{%- endmacro %}

{% macro status_vi(column) -%}
    case {{ column }}
        when 'A' then 'Chính thức' when 'B' then 'Thay đổi phương pháp' when 'V' then 'Chưa thẩm định'
        when 'P' then 'Sơ bộ' when 'I' then 'Bù số liệu' when 'E' then 'Ước tính' when 'F' then 'Dự báo'
        when 'M' then 'Không áp dụng' when 'L' then 'Có phát sinh, chưa thu thập được'
        when 'Q' then 'Không công bố' else 'Chưa báo cáo'
    end
{%- endmacro %}

{#- A DOUBLE that is neither NaN nor infinite. NaN sorts above every number on DuckDB and on Spark alike. -#}
{% macro is_finite(expression) -%}
    abs({{ expression }}) <= 1.7976931348623157e308
{%- endmacro %}
