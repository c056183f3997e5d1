from __future__ import annotations

import pytest

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.generateur.fautes import _modifier
from convenir.mesure.donnees.reception import MASQUE

pytestmark = pytest.mark.django_db


def test_an_impossible_birth_date_sets_the_person_aside_without_being_repeated(mini, donnees, geographie, acteur):
    _modifier(mini, "Salarie", "salarie_date_naissance", "31/02/1985")
    rapport = actions.essayer(mini, acteur)
    [ecart] = [a for a in rapport.anomalies if a["colonne"] == "salarie_date_naissance"]
    assert (ecart["ligne"], ecart["valeur"]) == (3, MASQUE)
    assert "n'existe pas au calendrier" in ecart["message"]
    assert rapport.vues["Salarie"]["quarantaine"] == 1
    assert "31/02/1985" not in str(rapport.anomalies)
