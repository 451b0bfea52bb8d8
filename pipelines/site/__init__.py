"""The documentation site: guides as written, and a page for each indicator, drawn from its specification."""
