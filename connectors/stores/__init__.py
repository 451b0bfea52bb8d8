"""Stores of agency folders that are not on this machine: declared, opened, looked through, answered."""
