"""What is computed, in any thread: reading, counting, previews, exact results, files; and the workers."""
