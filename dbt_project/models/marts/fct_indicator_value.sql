-- Every indicator's values on both maps. A view: a rebuilt indicator is seen without rewriting the others.
{{ config(materialized='view') }}
{{ union_of(indicator_models()) }}
