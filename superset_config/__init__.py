"""SHOW: dashboards, roles and row-level security of Superset, as files; generated here, synchronised there."""
