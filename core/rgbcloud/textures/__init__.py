"""The job: images and a recipe in, a palette and files out."""
