{#-
  Codes of which every value carries one: read and compared as text, stored and joined as a number; a code that is not
  in the list cannot be written. Spark has no such type: there they are text.
-#}

{% macro map_type() -%}
    {{ return(adapter.dispatch('code_type')(['current', 'reported'])) }}
{%- endmacro %}

{% macro status_type() -%}
    {{ return(adapter.dispatch('code_type')(['A', 'B', 'E', 'F', 'I', 'L', 'M', 'O', 'P', 'Q', 'V'])) }}
{%- endmacro %}

{% macro default__code_type(codes) -%}
    {{ return("enum('" ~ codes | join("', '") ~ "')") }}
{%- endmacro %}

{% macro spark__code_type(codes) -%}
    {{ return(dbt.type_string()) }}
{%- endmacro %}

{#- A map by its name. -#}
{% macro map_named(name) -%}
    cast('{{ name }}' as {{ map_type() }})
{%- endmacro %}
