{#- A figure with its unit, as people read it: 39,5 % · 1.287 nhiệm vụ · hạng 5. -#}
{% macro vi_amount(value, decimals, unit, symbol) -%}
    case
        when {{ unit }} = 'rank' then 'hạng ' || {{ vi_number(value, decimals) }}
        else trim({{ vi_number(value, decimals) }} || ' ' || {{ symbol }})
    end
{%- endmacro %}

{#- A figure of a target, as its document gives it: ≥ 80 %. -#}
{% macro vi_goal(operator, goal, goal_high, indicators) -%}
    {%- set unit = indicators ~ '.unit' -%}
    {%- set symbol = indicators ~ '.unit_symbol' -%}
    case
        when {{ operator }} in ('floor_and_stretch', 'band')
            then {{ vi_plain(goal) }} || '–' || {{ vi_plain(goal_high) }}
        else
            case {{ operator }} when '>=' then '≥' when '<=' then '≤' else {{ operator }} end || ' '
            || case when {{ unit }} = 'rank' then 'hạng ' else '' end || {{ vi_plain(goal) }}
    end
    || case when {{ unit }} = 'rank' or {{ symbol }} = '' then '' else ' ' || {{ symbol }} end
{%- endmacro %}

{#- A number in an English sentence. -#}
{% macro en_number(value, decimals) -%}
    translate({{ vi_number(value, decimals) }}, '.,', ',.')
{%- endmacro %}

{#-
  The part of a measure between two running sums of shares, each rounded to the last decimal: such parts add up to the
  whole. A figure below 1e20 times a share of 7 decimals fits 38 digits on every engine.
-#}
{% macro part_between(value, share_before, share_through) -%}
    {%- set wide = 'cast(' ~ value ~ ' as decimal(29, 9))' -%}
    cast(round({{ wide }} * {{ share_through }}, 9) - round({{ wide }} * {{ share_before }}, 9) as decimal(38, 9))
{%- endmacro %}

{#- From the nation down: 1, then 3 for provinces and 4 for communes; bodies of central rank are 2. -#}
{% macro level_no(level) -%}
    case {{ level }} when 'nation' then 1 when 'ministry' then 2 when 'province' then 3 else 4 end
{%- endmacro %}
