"""`mayapy -m rgbcloud_maya`: scenes without a window."""
