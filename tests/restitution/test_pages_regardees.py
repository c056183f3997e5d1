"""Every page of the table, opened in Chromium: one h1, no axe violation, no sideways scroll at two widths.

The journeys look at the states of a page, and run axe at both widths; here no page can be forgotten.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.urls import reverse

from convenir.socle.comptes.roles import Role
from tests.restitution.acces import TABLE, Gens, arguments_de, navigateur
from tests.restitution.table_acces.commun import Ligne

pytestmark = [pytest.mark.parcours, pytest.mark.django_db, pytest.mark.usefixtures("monde")]
PREFERES = (Role.DEPARTEMENTAL, Role.DIRECTION_STRUCTURE, *Role)


def page_de(ligne: Ligne, role: Role, gens: Gens) -> bytes:
    """The HTML that a role reads, nothing if the address gives something else; what its example needs is undone."""
    with transaction.atomic():
        reponse = navigateur(gens.par_role[role]).get(reverse(ligne.nom, args=arguments_de(ligne)), ligne.requete)
        transaction.set_rollback(True)
    est_une_page = not reponse.streaming and reponse.headers.get("Content-Type", "").startswith("text/html")
    contenu = reponse.content if est_une_page else b""
    reponse.close()
    return contenu


def ecrire_les_pages(gens: Gens, dossier: Path) -> int:
    """Write each page once, as read by the first role that has it, and return how many there are."""
    lues = [x for x in TABLE if x.methode == "get" and x.cible != "ailleurs" and ":api_v1:" not in x.nom]
    for ligne in lues:
        role = next((r for r in PREFERES if ligne.attendu(r) == 200), None)
        if role and (html := page_de(ligne, role, gens)):
            nom = str(ligne).replace(" ", "_").replace(":", "_").replace("/", "_")
            (dossier / f"{nom}.html").write_bytes(html)
    return len(list(dossier.glob("*.html")))


def test_aucune_page_n_a_de_defaut(gens, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("Les mêmes pages sur les deux bases : elles sont regardées une fois.")
    if shutil.which("chromium") is None and not os.environ.get("CI"):
        pytest.skip("Chromium est absent : les pages ne sont pas regardées.")
    assert ecrire_les_pages(gens, tmp_path) > 100
    # In a process of its own: the browser's event loop would give the tests another connection to the database.
    commande = [sys.executable, "-m", "tests.restitution.regard", str(tmp_path)]
    rendu = subprocess.run(commande, capture_output=True, text=True, check=False)
    assert rendu.returncode == 0, rendu.stderr
    assert json.loads(rendu.stdout) == []
