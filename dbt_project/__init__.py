"""The models: from accepted rows to what people read. Writes the warehouse; judges nothing and seals nothing."""

from dbt_project.inputs import InputError, duties_met, load_inputs, rules_hash, today
from dbt_project.selection import Changed

__all__ = ["Changed", "InputError", "duties_met", "load_inputs", "rules_hash", "today"]
