"""Remake docs/captures from the demonstration: `.venv/bin/python outils/captures.py` (needs Chromium, a few minutes).

With `--adresse http://127.0.0.1:8000`, a demonstration already served is photographed instead of a new one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

RACINE = Path(__file__).resolve().parents[1]
DESTINATION = RACINE / "docs" / "captures"
CONVENIR = Path(sys.executable).with_name("convenir")
PORT = 8799
POIDS_MAXIMAL = 200_000
ATTENTE = 60


@dataclass(frozen=True)
class Vue:
    """A picture: its name, who looks, what address, which link to follow."""

    nom: str
    role: str
    adresse: str
    suivre: str = ""
    largeur: int = 1280
    hauteur: int = 900


VUES = (
    Vue("a-faire", "departemental1", "/"),
    Vue("structures", "departemental1", "/structures/"),
    Vue("fiche-bilan", "departemental1", "/structures/", "main tbody th a", hauteur=1300),
    Vue("fiche-telephone", "direction-structure1", "/structures/", "main tbody th a", largeur=390, hauteur=844),
    Vue("livraison", "donnees-nationales1", "/donnees/", "main tbody th a"),
    Vue("parametre", "administration1", "/textes-et-parametres/parametres/iae.socle.ACI/"),
)


@contextmanager
def demonstration() -> Iterator[str]:
    """Prepare a demonstration in a folder of its own, serve it, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="convenir-captures-") as dossier:
        environnement = os.environ | {"CONVENIR_ENV": "demo", "CONVENIR_DONNEES": dossier}
        environnement.pop("DATABASE_URL", None)
        subprocess.run([CONVENIR, "demo", "--sans-servir"], env=environnement, check=True, stdout=subprocess.DEVNULL)
        serveur = subprocess.Popen([CONVENIR, "servir", "--adresse", f"127.0.0.1:{PORT}"], env=environnement)
        try:
            yield _attendre(f"http://127.0.0.1:{PORT}")
        finally:
            serveur.send_signal(2)
            serveur.wait(30)


def _attendre(base: str) -> str:
    for _ in range(ATTENTE):
        try:
            urllib.request.urlopen(f"{base}/comptes/connexion/", timeout=5).close()
            return base
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit(f"{base} ne répond pas.")


def photographier(navigateur: Browser, base: str, vue: Vue) -> Path:
    """Log in, go there, keep the picture."""
    contexte = navigateur.new_context(locale="fr-FR", viewport={"width": vue.largeur, "height": vue.hauteur})
    page = contexte.new_page()
    _connecter(page, base, vue.role)
    page.goto(base + vue.adresse)
    if vue.suivre:
        page.locator(vue.suivre).first.click()
        page.wait_for_load_state()
    fichier = DESTINATION / f"{vue.nom}.png"
    page.screenshot(path=fichier)
    contexte.close()
    return fichier


def _connecter(page: Page, base: str, role: str) -> None:
    from convenir.restitution.demonstration.comptes import DOMAINE, MOT_DE_PASSE

    page.goto(f"{base}/comptes/connexion/")
    page.get_by_label("Adresse électronique").fill(f"{role}@{DOMAINE}")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", level=1, name="À faire").wait_for()


def faire(base: str) -> int:
    """Take every picture; return 1 if one is too heavy for the repository."""
    DESTINATION.mkdir(parents=True, exist_ok=True)
    lourdes = 0
    with sync_playwright() as p:
        navigateur = p.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for vue in VUES:
            fichier = photographier(navigateur, base, vue)
            poids = fichier.stat().st_size
            lourdes += poids > POIDS_MAXIMAL
            print(f"{fichier.relative_to(RACINE)} : {poids // 1000} ko")
        navigateur.close()
    return 1 if lourdes else 0


def main() -> int:
    """Read the arguments."""
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--adresse", help="une démonstration déjà servie")
    args = a.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("CONVENIR_ENV", "demo")
    import django

    django.setup()
    if args.adresse:
        return faire(args.adresse.rstrip("/"))
    with demonstration() as base:
        return faire(base)


if __name__ == "__main__":
    sys.exit(main())
