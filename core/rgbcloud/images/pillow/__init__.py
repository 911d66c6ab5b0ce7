"""Images of 8 bits a channel, read and written by Pillow."""
