"""Copies from the npm packages what a browser loads, and nothing else, into assets/vendor.

``assets/vendor/<package>/<file>`` keeps each package's own paths and its licence.
``assets/vendor/fonts.css`` names every font face of the page.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

# Which files of a package the browser asks for (glob patterns inside the package).
WANTED: dict[str, tuple[str, ...]] = {
    "maplibre-gl": (
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
    ),
    "lucide-static": ("sprite.svg",),
    "@fontsource/barlow": (
        "400.css",
        "500.css",
        "600.css",
        "files/barlow-*-400-normal.woff2",
        "files/barlow-*-500-normal.woff2",
        "files/barlow-*-600-normal.woff2",
    ),
    "@fontsource/barlow-semi-condensed": (
        "400.css",
        "500.css",
        "600.css",
        "files/barlow-semi-condensed-*-400-normal.woff2",
        "files/barlow-semi-condensed-*-500-normal.woff2",
        "files/barlow-semi-condensed-*-600-normal.woff2",
    ),
    "@fontsource-variable/noto-sans-sc": ("index.css", "files/*.woff2"),
    # What the papers are set in: PDF and pictures take whole fonts only.
    "@expo-google-fonts/noto-sans-sc": (
        "400Regular/NotoSansSC_400Regular.ttf",
        "700Bold/NotoSansSC_700Bold.ttf",
    ),
    # What a folium page loads (folium.folium._default_js and _default_css).
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "dist/images/*"),
    "jquery": ("dist/jquery.min.js",),
    "bootstrap": ("dist/js/bootstrap.bundle.min.js", "dist/css/bootstrap.min.css"),
    "leaflet.awesome-markers": (
        "dist/leaflet.awesome-markers.min.js",
        "dist/leaflet.awesome-markers.css",
        "dist/images/*",
    ),
    "@fortawesome/fontawesome-free": ("css/all.min.css", "webfonts/*.woff2"),
}
LICENCES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENSE_FONT")
FACES = (
    "@fontsource-variable/noto-sans-sc/index.css",
    "@fontsource/barlow/400.css",
    "@fontsource/barlow/500.css",
    "@fontsource/barlow/600.css",
    "@fontsource/barlow-semi-condensed/400.css",
    "@fontsource/barlow-semi-condensed/500.css",
    "@fontsource/barlow-semi-condensed/600.css",
)


def copy(node_modules: Path, vendor: Path) -> None:
    """Make ``vendor`` afresh from ``node_modules``.

    The folder appears whole or not at all: it is made beside its place and then moved.

    Raises:
        FileNotFoundError: a package no longer has a file that the browser asks for.
    """
    making = vendor.with_name(vendor.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    for package, patterns in WANTED.items():
        source = node_modules / package
        for pattern in patterns:
            found = sorted(source.glob(pattern))
            if not found:
                raise FileNotFoundError(f"{package} has no {pattern}; see tools/vendor_assets.py")
            for file in found:
                _copy_file(file, making / package / file.relative_to(source))
        for licence in LICENCES:
            if (source / licence).exists():
                _copy_file(source / licence, making / package / licence)
    (making / "fonts.css").write_text("\n".join(_face(making, face) for face in FACES), "utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    making.rename(vendor)


def _copy_file(source: Path, target: Path) -> None:
    """Copy one file; a style sheet loses the .woff twins and a script its source map's address."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".css":
        text = re.sub(r",\s*url\([^)]*\.woff\)\s*format\('woff'\)", "", source.read_text("utf-8"))
        target.write_text(_without_map(text), "utf-8")
    elif source.suffix in {".js", ".mjs"}:
        target.write_text(_without_map(source.read_text("utf-8")), "utf-8")
    else:
        shutil.copyfile(source, target)


def _without_map(text: str) -> str:
    return re.sub(r"(//|/\*)# sourceMappingURL=.*", "", text)


def _face(vendor: Path, sheet: str) -> str:
    """Give a font's style sheet with its files named from assets/vendor."""
    folder = sheet.rsplit("/", 1)[0]
    text = (vendor / sheet).read_text("utf-8")
    return text.replace("url(./files/", f"url(./{folder}/files/")
