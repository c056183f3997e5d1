"""A small département, its records on disk and its structures in the database."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.mesure.indicateurs.calcul import Entrees
from convenir.mesure.indicateurs.entrees import geographie, rattachements
from convenir.mesure.indicateurs.loi import lecteur
from tests.factories_socle import DepartementFactory, RegionFactory, StructureFactory
from tests.mesure.indicateurs.fabrique import Registre


def registre_de_demonstration() -> Registre:
    """Structure 1: 12 exits of 2025, 3 dynamic, 60 % aimed at; structure 2: nothing entered since May."""
    r = Registre()
    objectifs = {"af_nb_prev_sorties": 12, "af_taux_prev_sorties_dynamiques": 60, "af_taux_prev_sorties_durable": 25}
    for annee in (2024, 2025):
        a = r.annexe(1, annee=annee, etp="6", **objectifs)
        b = r.annexe(2, annee=annee, etp="1")
        for rang in range(12):
            p = r.personne(f"personne-{rang}", pph=1000 + rang) if annee == 2024 else 1000 + rang
            if annee == 2024:
                c = r.contrat(p, date(2024, 1, 1), date(2025, 8, 31), motif=("3" if rang < 3 else "7"))
            else:
                c = next(x for x in r.lignes["ContratMission"] if x["contrat_id_pph"] == p)["contrat_id_ctr"]
            for mois in range(1, 13 if annee == 2024 else 9):
                r.mois(a, p, c, annee, mois, 70)
        p = r.personne("autre", pph=2000) if annee == 2024 else 2000
        c = r.contrat(p, date(annee, 1, 1), date(annee, 12, 31), structure=2)
        for mois in range(1, 13 if annee == 2024 else 5):
            r.mois(b, p, c, annee, mois, 150)
    return r


@pytest.fixture
def entrees(db, tmp_path, settings) -> Entrees:
    settings.DOSSIER_DONNEES = tmp_path
    dossier = tmp_path / "entrepot"
    dossier.mkdir()
    bretagne = RegionFactory(code="53", nom="Bretagne")
    ille_et_vilaine = DepartementFactory(code="35", region=bretagne)
    for id_asp in (1, 2):
        StructureFactory(id_asp=id_asp, categorie="ACI", departement=ille_et_vilaine)
    vues = registre_de_demonstration().ecrire(dossier, ("Formations",))
    return Entrees(vues, geographie(), lecteur(), date(2025, 10, 12), rattachements())
