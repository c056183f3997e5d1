"""Journeys in Chromium: one page helper that logs in, checks axe and the console, and keeps screenshots."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CAPTURES = Path(os.environ.get("CONVENIR_CAPTURES", Path(__file__).resolve().parents[2] / "captures"))
LARGEURS = {"bureau": 1280, "telephone": 390}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    """Debian's Chromium; without it the journeys are skipped, except in CI where its absence is a failure."""
    chemin = shutil.which("chromium")
    if chemin is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium est absent de la machine d'intégration.")
        pytest.skip("Chromium est absent : les parcours ne sont pas joués.")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as p:
        navigateur = p.chromium.launch(executable_path=chemin, args=ARGUMENTS)
        yield navigateur
        navigateur.close()


class Visite:
    """A person in front of the product: every page seen is checked by axe and photographed at both widths."""

    def __init__(self, page: Page, base: str, nom: str) -> None:
        self.page, self.base, self.nom = page, base, nom
        self.erreurs: list[str] = []
        self.vues = 0
        page.on("console", self._console)
        page.on("pageerror", lambda erreur: self.erreurs.append(str(erreur)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.erreurs.append(message.text)

    def aller(self, chemin: str) -> None:
        """Open a page of the product."""
        self.page.goto(self.base + chemin)

    def connecter(self, email: str, mot_de_passe: str) -> None:
        """Log in with the form."""
        self.aller("/comptes/connexion/")
        self.page.get_by_label("Adresse", exact=False).first.fill(email)
        self.page.get_by_label("Mot de passe").first.fill(mot_de_passe)
        self.page.get_by_role("button", name="Se connecter").click()

    def regarder(self, titre: str) -> None:
        """Check the page shown: one h1, no axe violation, no sideways scroll; keep a screenshot at both widths."""
        self.vues += 1
        assert self.page.locator("h1").count() == 1, titre
        for format_, largeur in LARGEURS.items():
            self.page.set_viewport_size({"width": largeur, "height": 900})
            resultat = Axe().run(self.page)
            assert resultat.violations_count == 0, f"{titre} ({format_}) :\n{resultat.generate_report()}"
            debord = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert debord <= 0, f"{titre} déborde de {debord} px en {format_}"
            CAPTURES.mkdir(parents=True, exist_ok=True)
            fichier = CAPTURES / f"{self.nom}-{self.vues:02d}-{titre}.{format_}.png"
            self.page.screenshot(path=fichier, full_page=True)
        self.page.set_viewport_size({"width": LARGEURS["bureau"], "height": 900})
        assert not self.erreurs, self.erreurs


@pytest.fixture
def visite(navigateur: Browser, live_server, request) -> Iterator[Visite]:  # type: ignore[no-untyped-def]
    """Return a fresh browser context on the live server."""
    contexte = navigateur.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = contexte.new_page()
    page.set_default_timeout(15_000)
    yield Visite(page, live_server.url, request.node.name.removeprefix("test_"))
    contexte.close()
