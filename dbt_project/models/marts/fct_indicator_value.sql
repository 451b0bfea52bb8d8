-- Every indicator's values on both maps. A view: a rebuilt indicator is seen without rewriting the others.
{{ config(materialized='view', meta={'slice': 'indicator_key'}) }}
{{ union_of(indicator_models()) }}
