"""Journeys in Chromium: one page helper that logs in, checks axe and the console, and keeps screenshots."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.http import HttpRequest, HttpResponseBase
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

# Folder of the screenshots, kept when they are asked for: each costs more than the page.
CAPTURES = os.environ.get("CONVENIR_CAPTURES")
LARGEURS = {"bureau": 1280, "telephone": 390}
# A slow machine is no fault of the page: what does not come within a minute does not come.
ATTENTE = 60_000
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def navigateur(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium; without it the journeys are skipped, except in CI where its absence is a failure.

    It is closed with the module: left open, its event loop would run under every test that follows. The base is made
    before it is opened: Django keeps one connection under an event loop and another outside, and the base could not be
    dropped while the second stays open.
    """
    chemin = shutil.which("chromium")
    if chemin is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium est absent de la machine d'intégration.")
        pytest.skip("Chromium est absent : les parcours ne sont pas joués.")
    with pytest.MonkeyPatch.context() as rustine, sync_playwright() as p:
        rustine.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=ATTENTE)
        navigateur = p.chromium.launch(executable_path=chemin, args=ARGUMENTS)
        yield navigateur
        navigateur.close()


@pytest.fixture(scope="session", autouse=True)
def statiques_gardees() -> Iterator[None]:
    """Let the browser keep the static files from one page to the next, as in production."""
    servir = StaticFilesHandlerMixin.serve

    def servir_et_garder(self: StaticFilesHandlerMixin, request: HttpRequest) -> HttpResponseBase:
        reponse = servir(self, request)
        reponse.headers["Cache-Control"] = "max-age=3600"
        return reponse

    with pytest.MonkeyPatch.context() as rustine:
        rustine.setattr(StaticFilesHandlerMixin, "serve", servir_et_garder)
        yield


def passer_axe(page: Page) -> AxeResults:
    """Run every rule of axe on a page; it describes what fails alone, the rest takes two thirds of its time."""
    return Axe().run(page, options={"resultTypes": ["violations"]})


class Visite:
    """A person in front of the product: each page seen is checked by axe at both widths, and photographed if asked."""

    def __init__(self, page: Page, base: str, nom: str, *, axe: bool) -> None:
        self.page, self.base, self.nom, self.axe = page, base, nom, axe
        self.erreurs: list[str] = []
        self.vues = 0
        page.on("console", self._console)
        page.on("pageerror", lambda erreur: self.erreurs.append(str(erreur)))

    def _console(self, message: ConsoleMessage) -> None:
        # The browser logs the status of a refused page, which the journey has asked for.
        if message.type == "error" and "the server responded with a status of" not in message.text:
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
        """Check the page shown at both widths: one h1, no axe violation, no sideways scroll."""
        self.vues += 1
        # A click returns as soon as the next page is announced: wait until it is there.
        self.page.wait_for_load_state("load")
        expect(self.page.locator("h1"), titre).to_have_count(1)
        for format_, largeur in LARGEURS.items():
            self.page.set_viewport_size({"width": largeur, "height": 900})
            if self.axe:
                resultat = passer_axe(self.page)
                assert resultat.violations_count == 0, f"{titre} ({format_}) :\n{resultat.generate_report()}"
            debord = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert debord <= 0, f"{titre} déborde de {debord} px en {format_}"
            if CAPTURES:
                fichier = Path(CAPTURES) / f"{self.nom}-{self.vues:02d}-{titre}.{format_}.png"
                self.page.screenshot(path=fichier, full_page=True)
        self.page.set_viewport_size({"width": LARGEURS["bureau"], "height": 900})
        assert not self.erreurs, self.erreurs


@pytest.fixture
def visiter(navigateur: Browser, live_server, request) -> Iterator[Callable[..., Visite]]:  # type: ignore[no-untyped-def]
    """Return a way to seat one more person in front of the product, each in a browser context of their own.

    axe is a script: it measures nothing where JavaScript is off. It takes half the time of a journey, and the pages
    are the same on a second base: there it is left out.
    """
    contextes = []
    mesurer = not request.config.getoption("--avec-base")

    def ouvrir(nom: str = "", *, javascript: bool = True) -> Visite:
        contexte = navigateur.new_context(
            locale="fr-FR", viewport={"width": 1280, "height": 900}, java_script_enabled=javascript
        )
        contextes.append(contexte)
        page = contexte.new_page()
        page.set_default_timeout(ATTENTE)
        complet = "-".join(filter(None, (request.node.name.removeprefix("test_"), nom)))
        return Visite(page, live_server.url, complet, axe=javascript and mesurer)

    yield ouvrir
    for contexte in contextes:
        contexte.close()


@pytest.fixture
def visite(visiter: Callable[..., Visite]) -> Visite:
    """Return a fresh browser context on the live server."""
    return visiter()
