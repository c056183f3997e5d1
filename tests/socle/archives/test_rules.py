"""Conservation : durée d'utilité, sort final, ce qu'un bordereau peut porter (code du patrimoine, R. 212-13, -14)."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.socle.archives.registre import Fonds, declarer
from convenir.socle.archives.rules import Article, Fichier, Regle, Sort, refus
from convenir.socle.archives.tableau import tableau

REGLE = Regle("x", "Dossiers", "la fin", 10, Sort.ELIMINATION, True, "à fixer")
ARTICLE = Article("A", "Dossier A", date(2010, 1, 1), date(2012, 12, 31), (Fichier("a.pdf", "0" * 64, ".pdf", 12),))


@pytest.mark.parametrize(
    ("sort", "sens", "jour", "attendu"),
    [
        (Sort.ELIMINATION, "elimination", date(2022, 12, 31), ""),
        (Sort.ELIMINATION, "elimination", date(2022, 12, 30), "utile jusqu'au 31/12/2022"),
        (Sort.ELIMINATION, "versement", date(2030, 1, 1), "il s'élimine"),
        (Sort.VERSEMENT, "elimination", date(2030, 1, 1), "se verse aux Archives"),
        (Sort.TRI, "elimination", date(2030, 1, 1), ""),
        (Sort.TRI, "versement", date(2030, 1, 1), ""),
    ],
)
def test_un_article_n_est_sur_un_bordereau_qu_echu_et_selon_son_sort(sort, sens, jour, attendu):
    regle = Regle("x", "Dossiers", "la fin", 10, sort, True)
    dit = refus(regle, ARTICLE, sens, jour)
    assert (dit == "") == (attendu == "")
    assert attendu in dit


def test_l_empreinte_d_un_article_change_avec_ses_fichiers_seuls():
    autre = Article("A", "Autre libellé", date(2011, 1, 1), date(2012, 12, 31), ARTICLE.fichiers)
    assert autre.empreinte == ARTICLE.empreinte
    assert Article("A", "Dossier A", ARTICLE.debut, ARTICLE.clos_le).empreinte != ARTICLE.empreinte


def test_chaque_regle_du_tableau_qui_reste_a_confirmer_dit_pourquoi():
    assert {"dossiers.demande", "conventions.actes"} <= set(tableau())
    for regle in tableau().values():
        assert regle.utilite_ans > 0
        assert bool(regle.pourquoi) == regle.a_confirmer


def test_un_fonds_sans_regle_ne_se_declare_pas():
    with pytest.raises(ValueError, match="ne dit rien du fonds"):
        declarer(Fonds("inconnu", lambda departement, avant: [], lambda cle: None))
