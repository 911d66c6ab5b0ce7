"""What the site takes from the project when it is built, so that nothing is typed twice or goes stale."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

DOCS = Path(__file__).parent
ROOT = DOCS.parents[1]


def on_startup(**_: object) -> None:
    """Let a checkout be enough: rgbcloud itself need not be installed, and Maya has a stand-in."""
    for folder in ("core", "standalone", "standalone/docs", "standalone/docs/examples", "tests/benchmarks"):
        sys.path.insert(0, str(ROOT / folder))
    for folder in ("maya_plugin/scripts", "tests/maya_simulator"):
        sys.path.append(str(ROOT / folder))


on_startup()  # for what is imported here; MkDocs takes the folders off the path again
from mkdocs.structure.files import File  # noqa: E402

from site_parts import galleries, link_check, measuring, references  # noqa: E402

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_log = logging.getLogger("mkdocs.hooks.rgbcloud")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and pictures that are made from the project."""
    made: dict[str, str | bytes] = {
        "reference/command-line.md": references.command_line(),
        "reference/settings.md": references.settings(),
        "reference/library.md": references.library(),
        "reference/maya.md": references.maya(),
        "changes.md": (ROOT / "CHANGELOG.md").read_text("utf-8"),
        "contributing.md": (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8"),
        **galleries.pages(DOCS / "examples"),
        **{f"pictures/{path.name}": path.read_bytes() for path in DOCS.glob("*.png")},
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Put figures where the page of the benchmark wants them."""
    return measuring.fill_in(markdown) if page.file.src_uri == "benchmark.md" else markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Complain of every link in the site that leads nowhere."""
    for problem in link_check.problems(Path(config.site_dir)):
        _log.warning(problem)
