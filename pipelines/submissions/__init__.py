"""What happens to a report after judgement: compared with what stands, verified or sent back, locked, answered."""
