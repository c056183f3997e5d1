"""Un acte défavorable ne se rejoue pas, ne se date pas dans le futur, et ce qu'il abandonne n'attend plus rien."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.actions import (
    AvisRendu,
    Lettre,
    NouvelAvenant,
    SignatureRecue,
    engager_manquement,
    mettre_en_signature,
    notifier,
    observer,
    passer,
    preparer_avenant,
    recevoir_recours,
    refuser,
    rendre_avis,
    repondre_au_recours,
    resilier,
    signer,
)
from convenir.contrat.conventions.models import Decision, Manquement, Signature, Version
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.contrat.conventions.outils import INSTANT, JOUR, SYSTEME, TITULAIRE, fichier, monde, tout_signer
from tests.contrat.conventions.test_decisions import PROJET
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
QUAND = {"jour": JOUR, "maintenant": INSTANT}


def a_signer() -> Version:
    convention = monde().convention()
    passer(SYSTEME, convention, "soumettre_avis", **QUAND)
    rendre_avis(SYSTEME, convention, AvisRendu(JOUR, "favorable"), maintenant=INSTANT)
    return mettre_en_signature(SYSTEME, convention, **QUAND)


def notifiee() -> Decision:
    decision = refuser(SYSTEME, monde().convention(), PROJET, maintenant=INSTANT)
    return notifier(SYSTEME, decision, jour=date(2026, 2, 5), preuve=fichier(), maintenant=INSTANT)


def test_une_decision_ne_se_notifie_qu_une_fois_son_delai_ne_repart_pas():
    decision = notifiee()
    with pytest.raises(ActionRefusee, match="déjà notifiée"):
        notifier(SYSTEME, decision, jour=date(2026, 4, 5), preuve=fichier(), maintenant=INSTANT)


def test_un_second_recours_n_efface_pas_le_premier_et_la_reponse_le_suit():
    decision = recevoir_recours(SYSTEME, notifiee(), "Réexamen", jour=date(2026, 3, 1))
    with pytest.raises(ActionRefusee, match="déjà enregistré"):
        recevoir_recours(SYSTEME, decision, "Autre objet", jour=date(2026, 3, 5))
    with pytest.raises(EntreeInvalide, match="suit celle du recours"):
        repondre_au_recours(SYSTEME, decision, accueilli=False, reponse="Non", jour=date(2026, 2, 28),
                            maintenant=INSTANT)  # fmt: skip


def test_deux_agents_repondent_au_meme_recours_le_second_est_prevenu():
    decision = recevoir_recours(SYSTEME, notifiee(), "Réexamen", jour=date(2026, 3, 1))
    lue_par_le_second = Decision.objects.get()
    repondre_au_recours(SYSTEME, decision, accueilli=True, reponse="Oui", jour=date(2026, 3, 2), maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="n'attend de réponse"):
        repondre_au_recours(SYSTEME, lue_par_le_second, accueilli=False, reponse="Non", jour=date(2026, 3, 2),
                            maintenant=INSTANT)  # fmt: skip
    assert Decision.objects.get().accueilli


def test_une_date_a_venir_ne_fait_pas_passer_le_mois_des_observations():
    convention = convention_en_cours()
    le = datetime(2026, 2, 1, 12, tzinfo=UTC)
    engager_manquement(SYSTEME, convention, Lettre("Faits", "R. 5132-5", le.date(), "1A"), maintenant=le)
    agent = acteurs_par_role(convention.structure)[Role.DEPARTEMENTAL]
    avance = replace(PROJET, prise_le=date(2026, 3, 1))
    with pytest.raises(EntreeInvalide, match="dans le futur"):
        resilier(agent.acteur, convention, avance, maintenant=le + timedelta(days=1))
    demain = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    adresse = reverse("conventions:acte", args=[convention.reference, "resilier"])
    assert "Cette date est dans le futur." in agent.client.post(adresse, {"jour": demain}).content.decode()


def test_des_observations_reecrites_gardent_les_premieres_au_journal():
    convention = convention_en_cours()
    manquement = engager_manquement(SYSTEME, convention, Lettre("Faits", "R. 5132-5", JOUR, "1A"), maintenant=INSTANT)
    with pytest.raises(EntreeInvalide, match="suit celle de la lettre"):
        observer(SYSTEME, manquement, "Trop tôt", jour=JOUR - timedelta(days=1))
    observer(SYSTEME, manquement, "De la structure", jour=JOUR)
    observer(SYSTEME, manquement, "Complétées", jour=JOUR)
    assert Manquement.objects.get().observations == "Complétées"
    derniere = Entree.objects.filter(acte="conventions.observer").order_by("numero").last()
    assert derniere.charge.avant["observations"] == "De la structure"


def test_un_refus_a_la_signature_accueilli_en_recours_se_remet_a_la_signature():
    version = a_signer()
    convention = version.convention
    decision = refuser(SYSTEME, convention, PROJET, maintenant=INSTANT)
    assert not version.signatures.exclude(etat="annulee").exists()
    notifier(SYSTEME, decision, jour=date(2026, 2, 5), preuve=fichier(), maintenant=INSTANT)
    recevoir_recours(SYSTEME, decision, "Réexamen", jour=date(2026, 3, 1))
    repondre_au_recours(SYSTEME, decision, accueilli=True, reponse="Oui", jour=date(2026, 3, 2), maintenant=INSTANT)
    passer(SYSTEME, convention, "negocier", **QUAND)
    assert mettre_en_signature(SYSTEME, convention, **QUAND).signatures.filter(etat="attendue").count() == 3


def test_un_avenant_abandonne_n_attend_plus_de_signature():
    version = a_signer()
    tout_signer(version)
    convention = version.convention
    passer(SYSTEME, convention, "commencer", **QUAND)
    with pytest.raises(EntreeInvalide, match="finissent après sa date d'effet"):
        preparer_avenant(SYSTEME, convention, NouvelAvenant(date(2026, 7, 1), date(2026, 7, 1)), **QUAND)
    avenant = preparer_avenant(SYSTEME, convention, NouvelAvenant(date(2026, 7, 1)), **QUAND)
    mettre_en_signature(SYSTEME, convention, **QUAND)
    passer(SYSTEME, convention, "abandonner_avenant", motif="Erreur", **QUAND)
    assert not avenant.signatures.exclude(etat="annulee").exists()


def test_la_date_de_l_etat_ne_precede_pas_celle_d_une_autre_partie():
    version = a_signer()
    autres = Signature.objects.filter(version=version).exclude(partie="etat")
    for signature in autres:
        recue = SignatureRecue(JOUR, "papier", TITULAIRE, fichier(), attestee=True)
        signer(SYSTEME, signature, recue, maintenant=INSTANT)
    veille = SignatureRecue(JOUR - timedelta(days=1), "papier", TITULAIRE, fichier(), attestee=True)
    with pytest.raises(EntreeInvalide, match="L'État signe en dernier"):
        signer(SYSTEME, version.signatures.get(partie="etat"), veille, maintenant=INSTANT)


def test_une_reprise_de_sommes_part_de_l_article_de_sa_categorie():
    convention = convention_en_cours(structure=StructureFactory(categorie="AI"), suspendue_le=date(2026, 6, 1))
    agent = acteurs_par_role(convention.structure)[Role.DEPARTEMENTAL]
    adresse = reverse("conventions:reprendre_sommes", args=[convention.reference])
    assert "Code du travail, R. 5132-14" in agent.client.get(adresse).content.decode()
