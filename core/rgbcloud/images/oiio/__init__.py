"""Images of more bits a channel, read and written by OpenImageIO."""
