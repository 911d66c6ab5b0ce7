"""`maya.app.general`."""
