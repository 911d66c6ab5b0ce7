"""Many jobs: which they are, where they run, what becomes of them, and what is remembered of it."""
