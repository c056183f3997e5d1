"""Négocier à tour de rôle : chaque garde porte le nom de ce qu'elle protège."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from convenir.contrat.conventions.actions import (
    NouvelAvenant,
    modifier_termes,
    passer,
    preparer_avenant,
    preparer_avenants,
)
from convenir.contrat.conventions.gardes import Contexte, obstacles
from convenir.contrat.conventions.models import Version
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.contrat.objectifs import actions, rules
from convenir.contrat.objectifs.actions import Changements, NouvelObjectif, ObjectifChange, Reponse
from convenir.contrat.objectifs.models import Axe, Objectif, Position
from convenir.contrat.objectifs.policies import objectifs_lisibles
from convenir.contrat.objectifs.states import Etat
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.taches.models import Notification, Tache
from tests.contrat.conventions.outils import SYSTEME
from tests.factories_conventions import CpoFactory, VersionFactory
from tests.factories_objectifs import Negociation, negociation
from tests.factories_socle import StructureFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def jeu() -> Negociation:
    return negociation()


def test_trois_tours_jusqu_a_l_accord(jeu):
    positive = jeu.sorties()["positive"]
    jeu.dire(jeu.agente, positive, "proposition", "17", raisons="Deux formations ouvrent.")
    jeu.dire(jeu.directeur, positive, "contre_proposition", "14", raisons="Une seule est accessible.")
    jeu.dire(jeu.agente, positive, "contre_proposition", "16")
    jeu.dire(jeu.directeur, positive, "accord")
    positive.refresh_from_db()
    assert (positive.etat, positive.cible, positive.convenu_le) == (Etat.CONVENU, D("16"), jeu.maintenant.date())
    assert [p.rang for p in positive.positions.tenues()] == [1, 2, 3, 4]
    assert rules.rejouer(p.coup for p in positive.positions.tenues()).etat == positive.etat
    actes = Entree.objects.filter(acte__startswith="objectifs.").values_list("acte", flat=True)
    assert list(actes).count("objectifs.contre_proposition") == 2


def test_le_tour_fait_une_tache_et_previent(jeu):
    trois = jeu.sorties()
    jeu.dire(jeu.agente, trois["durable"], "proposition", "27", raisons="Le maraîchage recrute.")
    jeu.dire(jeu.agente, trois["positive"], "proposition", "17")
    tache = Tache.objects.get(faite_le=None)
    assert tache.organisation == jeu.convention.structure.porteur
    assert "2\u00a0objectifs 2026" in tache.libelle
    dit = Notification.objects.filter(destinataire=jeu.directeur.utilisateur, genre="objectifs.position").last()
    assert "Le maraîchage recrute." in dit.texte
    jeu.dire(jeu.directeur, trois["durable"], "accord")
    jeu.dire(jeu.directeur, trois["positive"], "contre_proposition", "15")
    ouvertes = Tache.objects.filter(faite_le=None)
    assert [t.organisation for t in ouvertes] == [jeu.convention.service]
    assert not Notification.objects.filter(
        destinataire=jeu.agente.utilisateur, texte="Le maraîchage recrute."
    ).exists()


def test_les_taux_convenus_vont_dans_les_termes_de_la_convention(jeu):
    jeu.tout_convenir()
    termes = jeu.convention.versions.get().termes
    assert (termes.taux_durable, termes.taux_transition, termes.taux_positives) == (D("24"), D("20"), D("16"))
    assert termes.taux_dynamique == D("60")


def test_la_somme_ne_depasse_jamais_cent(jeu):
    trois = jeu.sorties()
    jeu.convenir(trois["durable"], "60")
    jeu.convenir(trois["transition"], "30")
    with pytest.raises(EntreeInvalide, match="105"):
        jeu.dire(jeu.agente, trois["positive"], "proposition", "15")


def test_deux_agents_a_la_fois_le_second_est_prevenu_et_ne_perd_rien(jeu):
    """Two agents editing the same objective at once: the second is told, sees both texts, loses nothing."""
    durable = jeu.sorties()["durable"]
    lu = Objectif.objects.select_related("convention").get(pk=durable.pk)
    jeu.dire(jeu.agente, durable, "proposition", "27", raisons="Première main.")
    reponse = Reponse("proposition", D("26"), raisons="Seconde main.")
    with pytest.raises(ObjectifChange, match="votre texte est gardé") as conflit:
        actions.repondre(jeu.agente.acteur, lu, reponse, revision=lu.revision, maintenant=jeu.maintenant)
    assert [p.raisons for p in conflit.value.depuis] == ["Première main."]
    assert Position.objects.get().valeur == D("27")


def test_reprendre_sa_position_tant_qu_elle_n_est_pas_ouverte(jeu):
    durable = jeu.sorties()["durable"]
    position = jeu.dire(jeu.agente, durable, "proposition", "27")
    actions.reprendre(jeu.agente.acteur, position, maintenant=jeu.maintenant)
    durable.refresh_from_db()
    assert durable.etat == Etat.OUVERT
    assert not Tache.objects.filter(faite_le=None).exists()
    position = jeu.dire(jeu.agente, durable, "proposition", "26")
    assert actions.ouvrir(jeu.agente.acteur, [durable], maintenant=jeu.maintenant) == 0
    assert actions.ouvrir(jeu.directeur.acteur, [durable], maintenant=jeu.maintenant) == 1
    position.refresh_from_db()
    with pytest.raises(ActionRefusee, match="déjà ouvert"):
        actions.reprendre(jeu.agente.acteur, position, maintenant=jeu.maintenant)
    with pytest.raises(ActionRefusee, match="votre organisation seulement"):
        actions.reprendre(jeu.directeur.acteur, position, maintenant=jeu.maintenant)


def test_reprendre_un_accord_rend_l_objectif_a_negocier(jeu):
    durable = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, durable, "proposition", "27")
    accord = jeu.dire(jeu.directeur, durable, "accord")
    actions.reprendre(jeu.directeur.acteur, accord, maintenant=jeu.maintenant)
    durable.refresh_from_db()
    assert (durable.etat, durable.cible) == (Etat.A_LA_STRUCTURE, None)


def test_desaccord_puis_reouverture(jeu):
    durable = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, durable, "proposition", "27")
    jeu.dire(jeu.directeur, durable, "desaccord", "20", raisons="Nous restons à 20 %.")
    jeu.dire(jeu.agente, durable, "desaccord", "27", raisons="Nous restons à 27 %.")
    durable.refresh_from_db()
    assert durable.etat == Etat.DESACCORD
    jeu.dire(jeu.directeur, durable, "reouverture", raisons="Un encadrant arrive.")
    durable.refresh_from_db()
    assert durable.etat == Etat.A_LA_STRUCTURE


def test_chacun_parle_pour_sa_partie_et_les_autres_lisent(jeu):
    durable = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, durable, "proposition", "27")
    collaborateur = jeu.personne(Role.COLLABORATION_STRUCTURE)
    for personne in (collaborateur, jeu.personne(Role.SIGNATAIRE), jeu.personne(Role.REGIONAL)):
        assert objectifs_lisibles(personne.acteur).count() == 3
        with pytest.raises(ActionRefusee, match="ne permet pas"):
            jeu.dire(personne, durable, "accord")
    etrangere = negociation()
    with pytest.raises(ActionRefusee, match="périmètre"):
        jeu.dire(etrangere.directeur, durable, "accord")
    assert objectifs_lisibles(jeu.personne(Role.RESEAU).acteur).count() == 0


def test_france_travail_donne_son_avis_sans_prendre_le_tour(jeu):
    durable = jeu.sorties()["durable"]
    jeu.dire(jeu.agente, durable, "proposition", "27")
    conseillere = jeu.personne(Role.FRANCE_TRAVAIL)
    durable.refresh_from_db()
    avis = Reponse("avis", D("25"), raisons="Nos offres s'y prêtent.")
    actions.donner_avis(conseillere.acteur, durable, avis, revision=durable.revision, maintenant=jeu.maintenant)
    durable.refresh_from_db()
    assert durable.etat == Etat.A_LA_STRUCTURE
    assert Notification.objects.filter(genre="objectifs.avis").count() == 2
    with pytest.raises(ActionRefusee, match="ne permet pas"):
        jeu.dire(conseillere, durable, "accord")


def test_un_financeur_voit_les_objectifs_qu_il_attend(jeu):
    jeu.sorties()
    conseil = jeu.personne(Role.FINANCEUR)
    assert objectifs_lisibles(conseil.acteur).count() == 0
    sien = jeu.poser(
        "Bénéficiaires du RSA accompagnés", axe=Axe.ACCOMPAGNEMENT, attendu_par=conseil.adhesion.organisation
    )
    assert list(objectifs_lisibles(conseil.acteur)) == [sien]


def test_un_concurrent_membre_de_la_commission_ne_lit_pas_les_objectifs_nommes(jeu):
    jeu.sorties()
    membre = jeu.personne(Role.MEMBRE_CDIAE)
    assert objectifs_lisibles(membre.acteur).count() == 3
    autre = StructureFactory(departement=jeu.convention.departement)
    membre.adhesion.organisation = autre.porteur
    membre.adhesion.save()
    assert objectifs_lisibles(membre.acteur).count() == 0


def test_objectif_local_et_qualitatif(jeu):
    local = jeu.poser("Salariés titulaires du permis", unite="personnes", base=D("4"), base_texte="Registre 2025")
    jeu.convenir(local, "6")
    qualitatif = jeu.poser("Livret d'accueil", qualitatif=True, axe=Axe.ACCUEIL)
    jeu.dire(jeu.directeur, qualitatif, "proposition", attendu="Un livret remis à chaque embauche")
    jeu.dire(jeu.agente, qualitatif, "accord")
    qualitatif.refresh_from_db()
    assert (qualitatif.cible, qualitatif.attendu) == (None, "Un livret remis à chaque embauche")


def test_portee_d_un_objectif(jeu):
    with pytest.raises(EntreeInvalide, match="2029 est hors"):
        jeu.poser(annee=2029)
    with pytest.raises(EntreeInvalide, match="axe"):
        jeu.poser(axe=Axe.ML1)
    with pytest.raises(EntreeInvalide, match="n'existe pas"):
        jeu.poser("", indicateur="iae.nulle.part")
    jeu.poser("", indicateur="iae.formation.heures")
    with pytest.raises(EntreeInvalide, match="déjà un objectif"):
        jeu.poser("", indicateur="iae.formation.heures")
    assert jeu.sorties().keys() == {"durable", "transition", "positive"}
    assert actions.poser_sorties(jeu.agente.acteur, jeu.convention, 2026, maintenant=jeu.maintenant) == []


def test_bornes_et_trajectoire_se_precisent_sans_se_perdre(jeu):
    durable = jeu.sorties()["durable"]
    jeu.convenir(durable, "24")
    durable.refresh_from_db()
    changements = Changements(
        "Hors public du CEJ", "Axe 2 du PDIAE", None, D("22"), D("27"), [(2027, D("25")), (2028, D("26"))]
    )
    revu = actions.modifier(
        jeu.agente.acteur, durable, changements, revision=durable.revision, maintenant=jeu.maintenant
    )
    assert [(p.annee, p.valeur) for p in revu.paliers.all()] == [(2027, D("25")), (2028, D("26"))]
    with pytest.raises(ObjectifChange):
        actions.modifier(
            jeu.directeur.acteur, durable, changements, revision=durable.revision, maintenant=jeu.maintenant
        )
    with pytest.raises(EntreeInvalide, match="croissant"):
        actions.modifier(
            jeu.agente.acteur,
            revu,
            Changements(borne_basse=D("25")),
            revision=revu.revision,
            maintenant=jeu.maintenant,
        )


def test_une_cible_hors_des_bornes_est_refusee_ou_qu_elle_arrive(jeu):
    """Proposée, acceptée après que les bornes ont changé, ou rendue par une position reprise."""
    objectif = jeu.poser(unite="h")

    def borner(basse: str | None, haute: str | None) -> None:
        frais = Objectif.objects.select_related("convention").get(pk=objectif.pk)
        bornes = Changements(borne_basse=basse and D(basse), borne_haute=haute and D(haute))
        actions.modifier(jeu.agente.acteur, frais, bornes, revision=frais.revision, maintenant=jeu.maintenant)

    borner("10", "25")
    with pytest.raises(EntreeInvalide, match=r"borne basse 10, borne haute 25"):
        jeu.dire(jeu.agente, objectif, "proposition", "30")
    jeu.dire(jeu.agente, objectif, "proposition", "20")
    borner(None, "15")
    with pytest.raises(EntreeInvalide, match="sort des bornes"):
        jeu.dire(jeu.directeur, objectif, "accord")
    borner(None, None)
    jeu.dire(jeu.directeur, objectif, "accord")
    rouverte = jeu.dire(jeu.agente, objectif, "reouverture")
    borner("21", None)
    with pytest.raises(EntreeInvalide, match="sort des bornes"):
        actions.reprendre(jeu.agente.acteur, rouverte, maintenant=jeu.maintenant)


def test_retirer_un_objectif_que_personne_n_a_negocie(jeu):
    objectif = jeu.poser()
    with pytest.raises(EntreeInvalide, match="Motif"):
        actions.retirer(jeu.agente.acteur, objectif, motif=" ")
    actions.retirer(jeu.agente.acteur, objectif, motif="Posé par erreur")
    negocie = jeu.poser()
    jeu.dire(jeu.agente, negocie, "proposition", "3")
    with pytest.raises(ActionRefusee, match="ne se retire plus"):
        actions.retirer(jeu.agente.acteur, negocie, motif="Trop tard")


def test_objectifs_clos_avant_l_avis(jeu):
    """Convenus, en désaccord consigné ou refusés ; les trois sorties posées."""
    version = jeu.convention.versions.get()
    contexte = Contexte(jeu.convention, version, jeu.maintenant.date())
    dits = " ".join(obstacles("soumettre_avis", contexte))
    assert "non posés : emploi durable, emploi de transition et sorties positives" in dits
    trois = jeu.sorties()
    jeu.convenir(trois["durable"])
    jeu.dire(jeu.directeur, trois["transition"], "refus")
    assert "encore en négociation : Sorties positives" in " ".join(obstacles("soumettre_avis", contexte))
    jeu.dire(jeu.agente, trois["positive"], "proposition", "17")
    jeu.dire(jeu.directeur, trois["positive"], "desaccord", "14")
    assert not any("bjectif" in raison for raison in obstacles("soumettre_avis", contexte))


def test_les_taux_sont_ceux_convenus(jeu):
    """L'acte soumis ou à signer porte les trois taux négociés ; deux sur trois ne disent encore rien."""
    version = jeu.convention.versions.get()
    contexte = Contexte(jeu.convention, version, jeu.maintenant.date())
    jeu.tout_convenir(durable="24", transition="20", positive="16")
    version.refresh_from_db()
    assert not any("Taux" in r for r in obstacles("soumettre_avis", contexte))
    ecrits = replace(version.termes, taux_durable=D(30))
    modifier_termes(SYSTEME, version, ecrits, jeton=version.jeton, maintenant=jeu.maintenant)
    autre = Contexte(jeu.convention, jeu.convention.versions.get(), jeu.maintenant.date())
    dits = " ".join(obstacles("mettre_en_signature", autre))
    assert (
        "Taux 2026 de l’acte « Convention initiale » différents de ceux convenus : sorties en emploi durable" in dits
    )


def en_cours_de_2026() -> Negociation:
    """Une convention en cours dont l'acte signé porte les taux convenus pour 2026."""
    jeu = negociation()
    jeu.tout_convenir()
    jeu.convention.versions.update(etat=EtatVersion.SIGNEE, signee_le="2026-01-01", clauses_fin="2027-01-01")
    jeu.convention.etat = EtatConvention.EN_COURS
    jeu.convention.save()
    return jeu


def avenant(jeu: Negociation, jour: date) -> Version:
    suivi = NouvelAvenant(jour, None, "Objet fictif")
    return preparer_avenant(SYSTEME, jeu.convention, suivi, jour=jour, maintenant=jeu.maintenant)


def test_les_objectifs_signes_restent_clos():
    """Un avenant abandonné ne laisse ni objectif ouvert, ni taux convenu que l'acte en vigueur ne porte pas."""
    jeu = en_cours_de_2026()
    avenant(jeu, date(2026, 7, 1))
    durable = jeu.convention.objectifs.get(indicateur="iae.sorties.taux_durable")
    qui = {"jour": date(2026, 7, 2), "maintenant": jeu.maintenant, "motif": "Renoncement"}
    jeu.dire(jeu.agente, durable, "reouverture")
    with pytest.raises(ActionRefusee, match="Objectifs 2026 rouverts : Emploi durable"):
        passer(SYSTEME, jeu.convention, "abandonner_avenant", **qui)
    jeu.dire(jeu.agente, durable, "contre_proposition", "30")
    jeu.dire(jeu.directeur, durable, "accord")
    with pytest.raises(ActionRefusee, match="convenez de nouveau les taux de l’acte"):
        passer(SYSTEME, jeu.convention, "abandonner_avenant", **qui)
    jeu.dire(jeu.directeur, durable, "reouverture")
    jeu.dire(jeu.directeur, durable, "contre_proposition", "24")
    jeu.dire(jeu.agente, durable, "accord")
    assert passer(SYSTEME, jeu.convention, "abandonner_avenant", **qui).etat == EtatConvention.EN_COURS


def test_un_avenant_de_l_annee_suivante_ne_rouvre_pas_une_annee_signee():
    jeu = en_cours_de_2026()
    avenant(jeu, date(2027, 1, 1))
    durable = jeu.convention.objectifs.get(indicateur="iae.sorties.taux_durable")
    with pytest.raises(ActionRefusee, match="préparez un avenant 2026"):
        jeu.dire(jeu.agente, durable, "reouverture")


@pytest.mark.parametrize("par_lot", [False, True])
def test_un_acte_ouvert_apres_l_accord_porte_les_taux_convenus(par_lot):
    """Négociés avant qu'un acte ne soit ouvert pour les porter : un par un ou par lot, l'avenant les reprend."""
    jeu = en_cours_de_2026()
    jeu.tout_convenir(2027, durable="28", transition="21", positive="13")
    if par_lot:
        lieu, quand = jeu.convention.departement_id, {"jour": date(2026, 11, 2), "maintenant": jeu.maintenant}
        preparer_avenants(SYSTEME, lieu, 2027, essai=False, **quand)
        version = jeu.convention.versions.get(rang=1)
        assert version.annexes.get().taux_dynamique == 62
    else:
        version = avenant(jeu, date(2027, 1, 1))
    termes = version.termes
    assert (termes.taux_durable, termes.taux_transition, termes.taux_positives) == (28, 21, 13)


def test_apres_l_avis_les_objectifs_ne_bougent_plus(jeu):
    durable = jeu.sorties()["durable"]
    jeu.convention.etat = EtatConvention.SOUMIS_AVIS
    jeu.convention.save()
    with pytest.raises(ActionRefusee, match="ne se négocient pas"):
        jeu.dire(jeu.agente, durable, "proposition", "27")
    jeu.convention.etat = EtatConvention.EN_COURS
    jeu.convention.save()
    jeu.convention.versions.update(etat=EtatVersion.SIGNEE, signee_le="2026-01-01")
    with pytest.raises(ActionRefusee, match="préparez un avenant"):
        jeu.dire(jeu.agente, durable, "proposition", "27")
    suivant = jeu.sorties(2027)["durable"]
    jeu.dire(jeu.agente, suivant, "proposition", "27")


def test_juger_un_objectif_local(jeu):
    local = jeu.poser("Permis", unite="personnes")
    jeu.convenir(local, "10")
    local.refresh_from_db()
    with pytest.raises(EntreeInvalide, match="source"):
        actions.juger(jeu.agente.acteur, local, explication="", revision=local.revision, maintenant=jeu.maintenant)
    donnees = {"resultat": D("9"), "source": "Registre", "maintenant": jeu.maintenant}
    with pytest.raises(EntreeInvalide, match="Explication"):
        actions.juger(jeu.agente.acteur, local, explication="", revision=local.revision, **donnees)
    juge = actions.juger(
        jeu.agente.acteur, local, explication="L'auto-école a fermé.", revision=local.revision, **donnees
    )
    assert juge.issue == rules.Issue.PARTIEL


def test_la_base_refuse_ce_qui_ne_doit_jamais_etre(jeu):
    durable = jeu.sorties()["durable"]
    fautes = (
        {"etat": Etat.CONVENU}, {"cible": D("20")}, {"etat": Etat.CONVENU, "cible": D("120")}, {"issue": "atteint"},
        {"version": None}, {"axe": "ailleurs"},
    )  # fmt: skip
    for faute in fautes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Objectif.objects.filter(pk=durable.pk).update(**faute)


def test_cpo_cinq_axes_et_grille_gardee():
    """A CPO keeps the frame and the definition under which each objective was set."""
    cpo = CpoFactory(etat=EtatConvention.EN_NEGOCIATION)
    VersionFactory(convention=cpo)
    from tests.factories_comptes import AdhesionFactory, connecter

    agente = connecter(AdhesionFactory(organisation=cpo.service, role=Role.DEPARTEMENTAL))
    directeur = connecter(AdhesionFactory(organisation=cpo.organisation, role=Role.DIRECTION_STRUCTURE))
    jeu = Negociation(cpo, agente, directeur)
    demande = NouvelObjectif(2026, Axe.ML2, indicateur="ACT02", grille="2012")
    objectif = actions.poser(agente.acteur, cpo, demande, maintenant=jeu.maintenant)
    assert (objectif.grille, objectif.version) == ("2012", 1)
    assert objectif.definition["libelle"] == objectif.libelle
    jeu.convenir(objectif, "450")
    for axe in (Axe.ML1, Axe.ML3, Axe.ML4, Axe.ML5):
        jeu.convenir(jeu.poser(f"Objectif {axe}", axe=axe), "3")
    assert cpo.objectifs.filter(etat=Etat.CONVENU).count() == 5
    with pytest.raises(ActionRefusee, match="insertion par l’économique"):
        actions.poser_sorties(agente.acteur, cpo, 2026, maintenant=jeu.maintenant)
    autre = NouvelObjectif(2026, Axe.ML2, indicateur="ACT02", grille="2026")
    assert actions.poser(agente.acteur, cpo, autre, maintenant=jeu.maintenant).grille == "2026"


def test_une_position_a_laquelle_l_organisation_a_repondu_n_attend_plus_personne(jeu):
    """Le courriel du lendemain ne dit pas qu'une réponse est attendue quand elle est partie."""
    trois = jeu.sorties()
    collegue = jeu.personne(Role.DIRECTION_STRUCTURE)
    for type_ in ("durable", "positive"):
        jeu.dire(jeu.agente, trois[type_], "proposition", "20")

    def attendent() -> list[str]:
        siennes = Notification.objects.filter(destinataire=jeu.directeur.utilisateur, genre="objectifs.position")
        return [n.libelle.split("« ")[1].split(" »")[0] for n in siennes.filter(lue_le=None)]

    assert sorted(attendent()) == ["Emploi durable", "Sorties positives"]
    jeu.dire(collegue, trois["durable"], "accord")
    assert attendent() == ["Sorties positives"]


def test_un_avis_repris_ne_deplace_pas_le_jour_de_l_accord(jeu):
    conseil = jeu.personne(Role.FRANCE_TRAVAIL)
    durable = jeu.sorties()["durable"]
    jeu.convenir(durable, "20")
    durable.refresh_from_db()
    convenu_le = durable.convenu_le
    plus_tard = jeu.maintenant + timedelta(days=30)
    avis = actions.donner_avis(
        conseil.acteur, durable, Reponse("avis", raisons="Élevé."), revision=durable.revision, maintenant=plus_tard
    )
    actions.reprendre(conseil.acteur, avis, maintenant=plus_tard)
    durable.refresh_from_db()
    assert (durable.etat, durable.convenu_le) == (Etat.CONVENU, convenu_le)
