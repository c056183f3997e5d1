"""Joue les cas vérifiés à la main : un cas faux est nommé par sa phrase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convenir.socle.commun.montants import montant_annexe
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.chargeur import charger_yaml_strict
from convenir.socle.reglementation.droit import Reglementation
from convenir.socle.reglementation.scalaires import ecrire_scalaire
from convenir.socle.reglementation.schema import Booleen, Entier, Jour, Liste, Nombre, Objet, Texte

DOSSIER = Path(__file__).resolve().parent
DROIT = Reglementation(catalogue())
AUCUNE = "aucune"
CAS = Objet(
    requis={"nom": Texte(), "date": Jour(), "code": Texte(), "valeur": Texte()},
    permis={"territoire": Texte(), "a_confirmer": Booleen()},
)
ANNEXE = Objet(
    requis={
        "nom": Texte(), "code": Texte(), "debut": Jour(), "etp": Nombre(), "mois": Entier(), "total": Nombre(),
    },
)  # fmt: skip
VALEURS = Objet({"titre": Texte(), "cas": Liste(CAS, 1)})
TOTAUX = Objet({"titre": Texte(), "annexes": Liste(ANNEXE, 1)})
ANNEXES = "totaux_annexes.yaml"


def lire(fichier: str) -> list[Any]:
    """Return the cases of a file, each under the sentence that names it."""
    schema, cle = (TOTAUX, "annexes") if fichier == ANNEXES else (VALEURS, "cas")
    return [pytest.param(cas, id=cas["nom"]) for cas in charger_yaml_strict(DOSSIER / fichier, schema)[cle]]


FICHIERS = ("socle_aide_au_poste.yaml", "penitentiaire_eiti_passerelle.yaml", "heures_objectifs_sorties.yaml")


@pytest.mark.parametrize("cas", [c for fichier in FICHIERS for c in lire(fichier)])
def test_valeur_a_une_date(cas: dict[str, Any]) -> None:
    trouvee = DROIT.valeur_ou_rien(cas["code"], cas["date"], territoire=cas.get("territoire"))
    lue = ecrire_scalaire(trouvee.valeur) if trouvee else AUCUNE
    assert lue == cas["valeur"], f"{cas['nom']} : on lit {lue}, le cas attend {cas['valeur']}"
    if trouvee and "a_confirmer" in cas:
        assert trouvee.a_confirmer is cas["a_confirmer"], cas["nom"]


@pytest.mark.parametrize("cas", lire(ANNEXES))
def test_total_d_une_annexe(cas: dict[str, Any]) -> None:
    unitaire = DROIT.nombre(cas["code"], cas["debut"])
    assert montant_annexe(cas["etp"], unitaire, cas["mois"]) == cas["total"], cas["nom"]


def test_tous_les_fichiers_de_cas_du_droit_sont_joues() -> None:
    """A case file that no test reads would be a promise that nobody keeps."""
    droit = {f.name for f in DOSSIER.glob("*.yaml") if f.read_text("utf-8").count("code: iae.")}
    assert droit <= {*FICHIERS, ANNEXES}
