"""The lesson: a page on which k-means can be watched, touched and understood."""
