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
