"""The Maya module as a package for rez, with a variant for the Python of each Maya.

``rez build --install`` runs the installer, which fetches numpy, scipy and Pillow for the variant's Python.
It gets what RGBCLOUD_INSTALL_OPTIONS holds, too: ``--wheels FOLDER``, or ``--no-packages`` where the studio
has its own.
"""

name = "rgbcloud"


@early()
def version():
    """Return the core's version."""
    import inspect
    import os
    import re

    folder = os.path.dirname(os.path.abspath(inspect.currentframe().f_code.co_filename))
    with open(os.path.join(folder, os.pardir, "core", "rgbcloud", "__init__.py")) as stream:
        return re.search('__version__ = "(.+)"', stream.read()).group(1)


description = "Textures as clouds of points in RGB space: k-means palettes, lighter textures, in Maya"

variants = [
    ["python-3.9"],  # Maya 2023
    ["python-3.10"],  # 2024
    ["python-3.11"],  # 2025 and 2026
    ["python-3.13"],  # 2027
]


@early()
def build_command():
    """Return what installs the module into the package."""
    import os

    options = os.environ.get("RGBCLOUD_INSTALL_OPTIONS", "")
    return "python {root}/install_rgbcloud.py install --modules {install_path} " + options


def commands():
    """Let Maya find the module, and mayapy the command line."""
    import glob

    env.MAYA_MODULE_PATH.append("{root}")
    for scripts in sorted(glob.glob(root + "/rgbcloud/*/scripts")):
        env.PYTHONPATH.append(scripts)
