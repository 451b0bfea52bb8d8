"""Marks on an officer's own .xlsx: only the parts that change are written anew, everything else stays as it was."""
