"""The intake protocol: folders looked through, files claimed and copied, originals settled, receipts written."""
