"""The classes of `maya.api.OpenMaya` (names and signatures: types-maya-strict)."""
