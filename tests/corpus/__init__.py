"""The golden corpus: bad files as officers send them, made by code, each with the receipt that it must get."""
