"""The choices of calculation are taken from what the records can hold, and are said in words."""

import re

import pytest

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.socle.reglementation.catalogue import catalogue

LISTES = {c: p for c, p in catalogue().parametres.items() if p.type == "liste" and "colonne" in p.description}
COLONNE = re.compile(r"colonne (\w+) de la table (\w+)")


@pytest.mark.parametrize("code", sorted(LISTES))
def test_une_regle_se_choisit_parmi_les_valeurs_de_sa_colonne(code):
    trouvee = COLONNE.search(LISTES[code].description)
    assert trouvee
    colonne, table = trouvee.groups()
    lue = next(c for c in tables_missions_locales()[table].colonnes if c.nom == colonne)
    assert set(LISTES[code].choix) == set(lue.valeurs)


def test_une_regle_se_dit_en_mots():
    immersion = catalogue().parametres["ml.entreprise.motifs_contact"]
    assert immersion.dire("offre, stage") == "offre d'emploi, stage"
