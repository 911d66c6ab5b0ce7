"""What ``rgbcloud`` ends with; see `rgbcloud_app.cli`."""

DONE, FAILED, WRONG_USE, EXISTS = 0, 1, 2, 3
LARGER = 98  # as pngquant has it
