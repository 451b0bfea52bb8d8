"""Folders on other stores: files fetched into the ledger, answers put back, originals taken away once answered."""
