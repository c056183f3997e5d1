"""La table des états : cohérente, avec son retour. Les suites d'actes permis se jouent dans `tests/contrat/cycle`."""

from __future__ import annotations

from convenir.contrat.conventions import states
from convenir.contrat.conventions.states import TRANSITIONS, EtatConvention

E = EtatConvention


def test_chaque_etat_se_rejoint_et_chaque_etat_non_final_a_une_sortie():
    atteints = {E.BROUILLON} | {v for t in TRANSITIONS.values() for v in t.passages.values() if v != states.AVANT}
    assert atteints == set(E)
    departs = {d for t in TRANSITIONS.values() for d in t.passages}
    assert set(E) - departs == {E.EXPIRE}


def test_le_retour_existe_partout_ou_un_acte_peut_etre_une_erreur():
    retours = {t.nom: set(t.passages) for t in TRANSITIONS.values() if t.retour}
    assert all(t.motif for t in TRANSITIONS.values() if t.retour)
    quittables = set().union(*retours.values())
    assert quittables >= {E.DEPOSE, E.INCOMPLET, E.COMPLET, E.EN_INSTRUCTION, E.EN_NEGOCIATION, E.SOUMIS_AVIS,
                          E.AVIS_RENDU, E.A_SIGNER, E.PARTIELLEMENT_SIGNE, E.AVENANT_EN_PREPARATION, E.SUSPENDU,
                          E.MANQUEMENT, E.RESILIE, E.EN_RENOUVELLEMENT, E.REFUSE}  # fmt: skip


def test_un_refus_ou_un_retour_n_est_jamais_l_acte_qui_avance():
    graves = {"refuser", "resilier", "engager_manquement", "renvoyer", "retirer_signature", "abandonner_avenant"}
    assert not any(TRANSITIONS[nom].avance for nom in graves)
    assert TRANSITIONS["mettre_en_signature"].avance
