"""The models: from accepted rows to what people read. Writes the warehouse; judges nothing and seals nothing."""

from dbt_project.inputs import InputError, load_inputs

__all__ = ["InputError", "load_inputs"]
