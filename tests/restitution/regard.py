"""Open saved pages in Chromium and print their defects as JSON.

    python -m tests.restitution.regard DOSSIER

With `CONVENIR_CAPTURES`, a folder, a screenshot of each page is kept at both widths.
"""

from __future__ import annotations

import json
import mimetypes
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, sync_playwright

from tests.parcours.conftest import ARGUMENTS, CAPTURES, LARGEURS, passer_axe


class Service(BaseHTTPRequestHandler):
    """The saved pages, and the static files of the product, which the browser keeps from one page to the next."""

    dossier: Path

    def do_GET(self) -> None:
        """Answer from the folder or from the static files; nothing goes out."""
        chemin = self.path.partition("?")[0].lstrip("/")
        statique = finders.find(chemin.removeprefix(settings.STATIC_URL.lstrip("/")))
        fichier = self.dossier / chemin if chemin.endswith(".html") else Path(statique) if statique else None
        self.send_response(200 if fichier else 404)
        self.send_header("Content-Type", mimetypes.guess_type(chemin)[0] or "application/octet-stream")
        if statique:
            self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        if fichier:
            self.wfile.write(fichier.read_bytes())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def servir(dossier: Path) -> Iterator[str]:
    """Serve a folder on a free local port; give its address."""
    Service.dossier = dossier
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{service.server_port}/"
        service.shutdown()


def defauts(page: Page, base: str, nom: str) -> Iterator[str]:
    """What is wrong with a page."""
    page.set_viewport_size({"width": LARGEURS["bureau"], "height": 900})
    page.goto(f"{base}{nom}")
    if page.locator("h1").count() != 1:
        yield f"{nom} : {page.locator('h1').count()} titres de premier niveau"
    resultat = passer_axe(page)
    if resultat.violations_count:
        yield f"{nom} : {resultat.generate_report()}"
    for format_, largeur in LARGEURS.items():
        page.set_viewport_size({"width": largeur, "height": 900})
        debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if debord > 0:
            yield f"{nom} déborde de {debord} px en {format_}"
        if CAPTURES:
            page.screenshot(path=Path(CAPTURES) / f"{Path(nom).stem}.{format_}.png", full_page=True)


def main() -> int:
    """Look at every page of the folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    dossier = Path(sys.argv[1])
    with servir(dossier) as base, sync_playwright() as p:
        navigateur = p.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = navigateur.new_page(locale="fr-FR")
        trouves = [d for fichier in sorted(dossier.glob("*.html")) for d in defauts(page, base, fichier.name)]
        navigateur.close()
    print(json.dumps(trouves, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
