"""What is chosen and done: settings, goals, masks, and the buttons that write."""
