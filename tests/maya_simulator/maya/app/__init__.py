"""`maya.app`."""
