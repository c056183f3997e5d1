"""A file from its opening to its completeness, through the acts of the people who make it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from convenir.contrat.conventions.actions import passer
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers import actions, queries
from convenir.contrat.dossiers.actions import ActionEcrite, PieceAttendue, Saisie
from convenir.contrat.dossiers.models import Dossier, Reponse
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.stockage import relire
from convenir.socle.journal.models import Entree
from convenir.socle.taches.models import Tache
from tests.factories_conventions import convention_en_preparation
from tests.factories_dossiers import INSTANT, JOUR, PDF, DossierFactory, docx, dossier_depose, dossier_rempli

pytestmark = pytest.mark.django_db
E, R = EtatConvention, Role
QUAND = {"jour": JOUR, "maintenant": INSTANT}


@pytest.fixture
def dossier() -> Dossier:
    return dossier_rempli()


@pytest.fixture
def roles(dossier, gens):
    return {role: c.acteur for role, c in gens(dossier.convention).items()}


@pytest.fixture
def direction(roles):
    return roles[R.DIRECTION_STRUCTURE]


@pytest.fixture
def ddets(roles):
    return roles[R.DEPARTEMENTAL]


def actes(dossier: Dossier) -> list[str]:
    return list(Entree.objects.filter(objet_type="dossiers.dossier").order_by("numero").values_list("acte", flat=True))


def taches(**criteres: object) -> list[str]:
    return list(Tache.objects.filter(faite_le=None, **criteres).values_list("code", flat=True))


def test_un_dossier_s_ouvre_prerempli_et_marque_a_confirmer(gens):
    convention = convention_en_preparation(debut=date(2027, 1, 1), fin=date(2028, 1, 1))
    dossier = actions.ouvrir(gens(convention)[R.DIRECTION_STRUCTURE].acteur, convention, maintenant=INSTANT)
    lues = {r.champ: r for r in dossier.reponses.all()}
    assert lues["porteur.denomination"].valeur == convention.structure.denomination
    assert lues["porteur.denomination"].a_confirmer
    assert lues["porteur.denomination"].origine == "livraison de l'ASP"
    assert lues["porteur.premiere_demande"].valeur == "oui"
    assert [m.raison for m in queries.completude(dossier).de_la_section("porteur")][:2] == [
        "à confirmer",
        "à confirmer",
    ]


def test_un_dossier_reprend_les_reponses_du_precedent(gens):
    ancien = dossier_depose()
    suivante = convention_en_preparation(
        structure=ancien.convention.structure,
        debut=date(2030, 1, 1),
        fin=date(2033, 1, 1),
        service=ancien.convention.service,
    )
    dossier = actions.ouvrir(gens(suivante)[R.DIRECTION_STRUCTURE].acteur, suivante, maintenant=INSTANT)
    reprise = dossier.reponses.get(champ="suivi.suivi")
    assert reprise.a_confirmer
    assert ancien.convention.reference in reprise.origine
    assert dossier.reponses.get(champ="porteur.premiere_demande").valeur == "non"


def test_le_dossier_repris_est_le_plus_recent_d_avant_jamais_un_suivant(gens):
    """Trois périodes déposées : celle du milieu reprend la première, pas la troisième ni la sienne."""
    premier = dossier_depose(convention=convention_en_preparation(debut=date(2024, 1, 1), fin=date(2027, 1, 1)))
    siens = {"structure": premier.convention.structure, "service": premier.convention.service}
    for annee in (2030, 2021):
        periode = {"debut": date(annee, 1, 1), "fin": date(annee + 3, 1, 1)}
        dossier_depose(convention=convention_en_preparation(**siens, **periode))
    milieu = convention_en_preparation(**siens, debut=date(2027, 1, 1), fin=date(2030, 1, 1))
    dossier = actions.ouvrir(gens(milieu)[R.DIRECTION_STRUCTURE].acteur, milieu, maintenant=INSTANT)
    assert premier.convention.reference in dossier.reponses.get(champ="suivi.suivi").origine


def test_ouvrir_deux_fois_donne_le_meme_dossier(dossier, direction):
    assert actions.ouvrir(direction, dossier.convention, maintenant=INSTANT) == dossier


def test_enregistrer_garde_les_bonnes_reponses_et_dit_la_mauvaise(dossier, direction):
    saisies = {"moyens.encadrants_etp": Saisie("douze", 1), "offres.offres": Saisie("Par l'agence de Rezé", 1)}
    resultat = actions.enregistrer(direction, dossier, saisies, maintenant=INSTANT)
    assert set(resultat.ecrites) == {"offres.offres"}
    assert "moyens.encadrants_etp" in resultat.refusees
    assert dossier.reponses.get(champ="moyens.encadrants_etp").valeur == "3.5"
    assert dossier.reponses.get(champ="offres.offres").valeur == "Par l'agence de Rezé"


def test_enregistrer_deux_fois_la_meme_chose_n_ecrit_rien(dossier, direction):
    saisies = {"offres.offres": Saisie("x", 1)}
    actions.enregistrer(direction, dossier, saisies, maintenant=INSTANT)
    avant = len(actes(dossier))
    assert not actions.enregistrer(direction, dossier, {"offres.offres": Saisie("x", 2)}, maintenant=INSTANT).ecrites
    assert len(actes(dossier)) == avant


def test_deux_personnes_la_seconde_voit_les_deux_textes(dossier, direction, roles):
    actions.enregistrer(direction, dossier, {"suivi.suivi": Saisie("Le premier texte", 1)}, maintenant=INSTANT)
    collegue = roles[R.COLLABORATION_STRUCTURE]
    resultat = actions.enregistrer(collegue, dossier, {"suivi.suivi": Saisie("Le second", 1)}, maintenant=INSTANT)
    (conflit,) = resultat.conflits
    assert (conflit.ecrite, conflit.envoyee) == ("Le premier texte", "Le second")
    assert dossier.reponses.get(champ="suivi.suivi").valeur == "Le premier texte"


def test_une_valeur_preremplie_se_confirme_en_l_enregistrant(dossier, direction):
    Reponse.objects.filter(champ="postes.etp_demandes").update(a_confirmer=True, origine="annexe ACI044260001A0M1")
    assert not queries.completude(dossier).est_complet
    saisies = {"postes.etp_demandes": Saisie("12", 1)}
    actions.enregistrer(direction, dossier, saisies, maintenant=INSTANT, confirmer=False)
    assert not queries.completude(dossier).est_complet, "un enregistrement discret ne confirme pas"
    actions.enregistrer(direction, dossier, saisies, maintenant=INSTANT)
    assert queries.completude(dossier).est_complet


@pytest.mark.parametrize(
    "role", [R.DEPARTEMENTAL, R.NATIONAL, R.FINANCEUR, R.FRANCE_TRAVAIL, R.RESEAU, R.MEMBRE_CDIAE]
)
def test_la_structure_seule_ecrit(dossier, roles, role):
    with pytest.raises(ActionRefusee):
        actions.enregistrer(roles[role], dossier, {"suivi.suivi": Saisie("x", 1)}, maintenant=INSTANT)


def test_une_autre_structure_n_ecrit_pas(dossier, gens):
    etranger = gens(DossierFactory().convention)[R.DIRECTION_STRUCTURE].acteur
    with pytest.raises(ActionRefusee):
        actions.enregistrer(etranger, dossier, {"suivi.suivi": Saisie("x", 1)}, maintenant=INSTANT)


def test_deposer_un_dossier_complet_donne_un_accuse_date(dossier, direction):
    depose = actions.deposer(direction, dossier, **QUAND)
    accuse = depose.accuses.get()
    assert depose.convention.etat == E.DEPOSE
    assert depose.depose_le == JOUR
    assert (accuse.recu_le, accuse.limite_le, accuse.a_confirmer) == (JOUR, date(2027, 1, 2), True)
    assert relire(accuse.sha256).startswith(b"%PDF")
    assert not accuse.tardif
    assert taches(organisation=depose.convention.service) == ["dossier.verifier"]


def test_dossier_rempli_avant_le_depot_sinon_il_dit_ce_qui_manque(dossier, direction):
    dossier.reponses.filter(champ="suivi.suivi").delete()
    dossier.pieces.filter(genre="statuts").delete()
    with pytest.raises(ActionRefusee, match="Il manque 2\u00a0éléments") as refus:
        actions.deposer(direction, dossier, **QUAND)
    assert "Statuts en vigueur" in str(refus.value)
    assert not dossier.accuses.exists()


def test_la_collaboration_prepare_et_ne_depose_pas(dossier, roles):
    with pytest.raises(ActionRefusee, match="direction"):
        actions.deposer(roles[R.COLLABORATION_STRUCTURE], dossier, **QUAND)


def test_deposer_par_la_page_de_la_convention_a_les_memes_suites(dossier, direction):
    passer(direction, dossier.convention, "deposer", **QUAND)
    assert dossier.accuses.count() == 1


def test_le_projet_peut_n_etre_qu_un_texte_libre_ou_qu_une_piece(dossier, direction):
    dossier.actions.all().delete()
    assert [m.code for m in queries.completude(dossier).manques] == ["projet"]
    actions.ecrire_librement(direction, dossier, {"accueil": Saisie("À notre façon")}, maintenant=INSTANT)
    assert queries.completude(dossier).est_complet
    dossier.presentations.all().delete()
    actions.joindre(direction, dossier, "projet_libre", "projet.docx", docx(), maintenant=INSTANT)
    assert queries.completude(dossier).est_complet


def test_pieces_demandees_fournies_avant_de_dire_le_dossier_complet(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    attendues = [PieceAttendue("autre", "Attestation d'assurance")]
    demande = {"echeance": JOUR + timedelta(days=15), "motif": "Pièce absente", **QUAND}
    actions.demander(ddets, depose, attendues, **demande)
    with pytest.raises(ActionRefusee, match="non fournies : Attestation d'assurance"):
        actions.declarer_complet(ddets, depose, **QUAND)
    actions.abandonner_demande(ddets, depose.demandes.get(), maintenant=INSTANT)
    assert actions.declarer_complet(ddets, depose, **QUAND).convention.etat == E.COMPLET


def test_une_piece_de_plus_se_demande_sans_attendre_la_premiere(dossier, direction, ddets):
    """La tâche de la structure dit toutes les pièces attendues, pour la première échéance."""
    depose = actions.deposer(direction, dossier, **QUAND)
    premiere, seconde = JOUR + timedelta(days=15), JOUR + timedelta(days=30)
    actions.demander(ddets, depose, [PieceAttendue("autre", "Attestation")], echeance=premiere, motif="x", **QUAND)
    encore = actions.demander(
        ddets, depose, [PieceAttendue("statuts", "Statuts")], echeance=seconde, motif="y", **QUAND
    )
    assert encore.convention.etat == E.INCOMPLET
    tache = Tache.objects.get(code="dossier.fournir", faite_le=None)
    assert tache.libelle.endswith("fournir Attestation, Statuts")
    assert tache.echeance == premiere
    actions.joindre(direction, depose, "autre", "assurance.pdf", PDF, maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="Statuts"):
        actions.deposer(direction, depose, **QUAND)


def test_une_piece_demandee_fournie_puis_accusee(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    echeance = JOUR + timedelta(days=15)
    attendues = [PieceAttendue("autre", "Attestation d'assurance")]
    demande = actions.demander(ddets, depose, attendues, echeance=echeance, motif="Pièce absente", **QUAND)
    assert demande.convention.etat == E.INCOMPLET
    assert taches(organisation=depose.convention.organisation) == ["dossier.fournir"]
    with pytest.raises(ActionRefusee, match="Attestation d'assurance"):
        actions.deposer(direction, depose, **QUAND)
    actions.joindre(direction, depose, "autre", "assurance.pdf", PDF, maintenant=INSTANT)
    complete = actions.deposer(direction, depose, **QUAND)
    assert complete.convention.etat == E.DEPOSE
    assert complete.accuses.count() == 2
    assert actions.declarer_complet(ddets, complete, **QUAND).complet_le == JOUR
    assert list(Tache.objects.filter(faite_le=None).values_list("code", flat=True)) == ["conventions.instruire"]


def test_une_echeance_trop_proche_est_refusee(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    with pytest.raises(EntreeInvalide, match="15 jours"):
        actions.demander(ddets, depose, [PieceAttendue("autre", "x")], echeance=JOUR, motif="x", **QUAND)
    assert depose.convention.etat == E.DEPOSE


def test_apres_depot_une_piece_non_demandee_ne_s_ajoute_plus(dossier, direction):
    depose = actions.deposer(direction, dossier, **QUAND)
    with pytest.raises(ActionRefusee, match="seule une pièce demandée"):
        actions.joindre(direction, depose, "autre", "x.pdf", PDF, maintenant=INSTANT)


def test_joindre_deux_fois_le_meme_fichier_n_en_garde_qu_un(dossier, direction):
    premiere = actions.joindre(direction, dossier, "autre", "x.pdf", PDF, maintenant=INSTANT)
    assert actions.joindre(direction, dossier, "autre", "y.pdf", PDF, maintenant=INSTANT) == premiere
    assert relire(premiere.sha256) == PDF


def test_le_nom_d_un_fichier_ne_porte_pas_de_chemin(dossier, direction):
    assert (
        actions.joindre(direction, dossier, "autre", "..\\..\\etc/passwd.pdf", PDF, maintenant=INSTANT).nom
        == "passwd.pdf"
    )


def test_le_rejet_attend_l_echeance(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    echeance = JOUR + timedelta(days=20)
    actions.demander(ddets, depose, [PieceAttendue("autre", "x")], echeance=echeance, motif="x", **QUAND)
    assert actions.obstacle_au_rejet(depose, echeance)
    assert not actions.obstacle_au_rejet(depose, echeance + timedelta(days=1))


def test_un_commentaire_rouvre_sa_question_et_elle_seule(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    assert queries.champs_ouverts(depose) == frozenset()
    commentaire = actions.commenter(ddets, depose, "postes.etp_motif", "Pourquoi deux de plus ?", maintenant=INSTANT)
    assert queries.champs_ouverts(depose) == {"postes.etp_motif"}
    actions.enregistrer(direction, depose, {"postes.etp_motif": Saisie("Un chantier ouvre", 1)}, maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="ne se change plus"):
        actions.enregistrer(direction, depose, {"suivi.suivi": Saisie("x", 1)}, maintenant=INSTANT)
    assert "dossier.repondre" in taches(organisation=depose.convention.organisation)
    actions.repondre(direction, commentaire, "C'est précisé.", maintenant=INSTANT)
    assert queries.champs_ouverts(depose) == frozenset()
    assert commentaire.avant.startswith("Réponse inventée")
    assert taches(organisation=depose.convention.organisation) == []


def test_une_question_n_a_qu_un_commentaire_ouvert(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    actions.commenter(ddets, depose, "suivi.suivi", "Précisez", maintenant=INSTANT)
    with pytest.raises(EntreeInvalide, match="attend déjà"):
        actions.commenter(ddets, depose, "suivi.suivi", "Encore", maintenant=INSTANT)


@pytest.mark.parametrize("etat", [E.DEPOSE, E.INCOMPLET, E.COMPLET, E.EN_INSTRUCTION, E.EN_NEGOCIATION])
def test_a_chaque_etape_le_service_rend_le_dossier_avec_un_motif(gens, etat):
    dossier = dossier_depose(etat)
    ddets = gens(dossier.convention)[R.DEPARTEMENTAL].acteur
    with pytest.raises(EntreeInvalide, match="motif"):
        actions.renvoyer(ddets, dossier, " ", **QUAND)
    rendu = actions.renvoyer(ddets, dossier, "Le projet a changé", **QUAND)
    assert rendu.en_redaction
    assert rendu.complet_le is None
    assert taches(organisation=dossier.convention.organisation) == ["dossier.corriger"]
    assert rendu.convention.passages.last().motif == "Le projet a changé"


def test_un_financeur_lit_les_dossiers_qui_le_sollicitent(dossier, direction, roles):
    from convenir.contrat.dossiers.policies import dossiers_visibles

    depose = actions.deposer(direction, dossier, **QUAND)
    financeur = roles[R.FINANCEUR]
    assert not dossiers_visibles(financeur).exists()
    depose.financements.create(nature="departement", nom="Département fictif", organisation=financeur.organisation)
    assert list(dossiers_visibles(financeur)) == [depose]
    assert not dossiers_visibles(roles[R.MEMBRE_CDIAE]).exists()


def test_le_brouillon_n_est_lu_que_par_la_structure(dossier, roles):
    from convenir.contrat.dossiers.policies import dossiers_visibles

    lecteurs = {role for role, acteur in roles.items() if dossiers_visibles(acteur).exists()}
    assert lecteurs == {R.DIRECTION_STRUCTURE, R.COLLABORATION_STRUCTURE}


def test_elements_repris_et_ajoutes_se_denombrent(dossier, direction, roles):
    reprise = ActionEcrite("formation", "Le plan", element="formation.plan")
    actions.ecrire_action(direction, dossier, reprise, maintenant=INSTANT)
    actions.ecrire_action(direction, dossier, ActionEcrite("formation", "Le permis"), maintenant=INSTANT)
    actions.deposer(direction, dossier, **QUAND)
    comptes = {(c.axe, c.libelle): c.actions for c in queries.denombrer_elements(roles[R.NATIONAL], 2027)}
    assert comptes["La formation des salariés en insertion", "Plan de formation"] == 1
    assert comptes["La formation des salariés en insertion", "Actions ajoutées par les structures"] == 1
    assert comptes["La formation des salariés en insertion", "Savoirs de base"] == 0
    assert {a.intitule for a in queries.actions_ajoutees(roles[R.NATIONAL])} == {"Accueil fictif", "Le permis"}
    assert not any(c.actions for c in queries.denombrer_elements(roles[R.NATIONAL], 2026))


def test_une_action_prend_un_element_de_son_axe(dossier, direction):
    with pytest.raises(EntreeInvalide, match="pas de cet axe"):
        actions.ecrire_action(
            direction, dossier, ActionEcrite("accueil", "x", element="formation.plan"), maintenant=INSTANT
        )
    with pytest.raises(EntreeInvalide, match="dispositif"):
        actions.ecrire_action(direction, dossier, ActionEcrite("ml_1", "x"), maintenant=INSTANT)


def test_chaque_acte_est_au_journal(dossier, direction, ddets):
    depose = actions.deposer(direction, dossier, **QUAND)
    actions.commenter(ddets, depose, "suivi.suivi", "Précisez", maintenant=INSTANT)
    assert actes(dossier) == ["dossiers.accuse", "dossiers.commentaire"]
