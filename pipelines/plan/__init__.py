"""plan: what a release would change, cell by cell, and why, before anything is sealed.

The candidate is built beside the warehouse; both files are compared, and every reason is a fact that one of them keeps.
``running.plan`` does it, ``records`` are its answer.
"""
