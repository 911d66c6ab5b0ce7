"""`maya.api`."""
