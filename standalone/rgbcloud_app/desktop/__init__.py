"""The desktop window, and files as the host of its panel."""
