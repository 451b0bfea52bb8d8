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

{#- A part of a measure, rounded to its last decimal: a figure below 1e20 times a share of 7 decimals fits 38 digits. -#}
{% macro share_of(value, share) -%}
    round(cast({{ value }} as decimal(29, 9)) * {{ share }}, 9)
{%- endmacro %}

{#- From the nation down: 1, then 3 for provinces and 4 for communes; bodies of central rank are 2. -#}
{% macro level_no(level) -%}
    case {{ level }} when 'nation' then 1 when 'ministry' then 2 when 'province' then 3 else 4 end
{%- endmacro %}
