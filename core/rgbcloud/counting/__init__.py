"""What a texture holds: its distinct values, how much each counts, and what they mean."""
