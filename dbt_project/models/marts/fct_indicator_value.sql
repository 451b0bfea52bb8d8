-- Every indicator's values on both maps. A view: a rebuilt indicator is seen without rewriting the others.
{{ config(materialized='view') }}
{%- for model in indicator_models() %}
select * from {{ ref(model) }}
{{- '\nunion all' if not loop.last }}
{%- endfor %}
