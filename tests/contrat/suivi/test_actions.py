"""The follow-up through the acts of its people: bilan, means, commitments, office."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.models import Convention, GenreOperation, Operation, Origine, Passage
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.conventions.suites import Evenement
from convenir.contrat.suivi import reactions
from convenir.contrat.suivi.actions import bilans, bureau, moyens
from convenir.contrat.suivi.models import Bilan, ChiffreBilan, Contestation, SigneNonValide
from convenir.contrat.suivi.presentation import PageSuivi
from convenir.contrat.suivi.queries import listes
from convenir.contrat.suivi.rules.bilan import Depot
from convenir.contrat.suivi.states import EtatBilan, EtatContestation, EtatMoyen
from convenir.mesure.donnees.models import AnnexeLue, Livraison
from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.signals import instantane_calcule
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.roles import Role
from convenir.socle.taches.models import Tache
from tests.contrat.suivi.outils import JOUR, MAINTENANT, QUAND, SIX, deposer
from tests.factories_comptes import AdhesionFactory
from tests.factories_conventions import convention_en_cours

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def roles(convention, gens):
    return {role: c.acteur for role, c in gens(convention).items()}


@pytest.fixture
def direction(roles):
    return roles[R.DIRECTION_STRUCTURE]


@pytest.fixture
def ddets(roles):
    return roles[R.DEPARTEMENTAL]


def ouvrir(direction, convention, annee: int = 2025) -> Bilan:
    return bilans.ouvrir_bilan(direction, convention, annee, maintenant=MAINTENANT)


def test_un_bilan_sans_ses_six_rubriques_ne_se_depose_pas(direction, convention):
    bilan = ouvrir(direction, convention)
    bilans.ecrire_bilan(direction, bilan, SIX | {"suivi": ""}, {}, maintenant=MAINTENANT)
    with pytest.raises(ActionRefusee, match="Suivi individuel et accompagnement"):
        bilans.passer_bilan(direction, bilan, "deposer", **QUAND)


def test_un_bilan_se_depose_a_temps_ou_en_retard(direction, ddets, convention):
    dits = bilans.fixer_echeance(ddets, convention.departement, 2025, date(2026, 3, 31), maintenant=MAINTENANT)
    assert dits == 0, "cette convention n'a pas été signée dans Convenir"
    bilan = deposer(direction, ouvrir(direction, convention))
    assert bilan.depot == Depot.EN_RETARD
    assert bilan.delai.startswith("en retard de 10\u00a0jours")


def test_sans_date_fixee_un_bilan_n_est_pas_en_retard(direction, convention):
    assert deposer(direction, ouvrir(direction, convention)).depot == Depot.SANS_DATE


def test_le_service_examine_ou_rend_le_bilan_avec_un_motif(direction, ddets, convention):
    bilan = deposer(direction, ouvrir(direction, convention))
    assert Tache.objects.get(faite_le=None).code == bilans.EXAMINER
    with pytest.raises(EntreeInvalide, match="motif"):
        bilans.passer_bilan(ddets, bilan, "renvoyer", **QUAND)
    rendu = bilans.passer_bilan(ddets, bilan, "renvoyer", motif="Chiffres à revoir", **QUAND)
    assert rendu.etat == EtatBilan.BROUILLON
    assert Tache.objects.get(faite_le=None).code == bilans.CORRIGER
    assert bilans.passer_bilan(ddets, deposer(direction, rendu), "accepter", **QUAND).etat == EtatBilan.ACCEPTE
    assert not Tache.objects.filter(faite_le=None).exists()


def test_la_collaboration_ecrit_et_la_direction_depose(roles, convention):
    bilan = ouvrir(roles[R.COLLABORATION_STRUCTURE], convention)
    bilans.ecrire_bilan(roles[R.COLLABORATION_STRUCTURE], bilan, SIX, {}, maintenant=MAINTENANT)
    with pytest.raises(ActionRefusee):
        bilans.passer_bilan(roles[R.COLLABORATION_STRUCTURE], bilan, "deposer", **QUAND)


def test_les_textes_de_l_annee_passee_sont_repris_a_confirmer(direction, convention):
    deposer(direction, ouvrir(direction, convention))
    suivant = ouvrir(direction, convention, 2026)
    assert all(r.repris and r.texte for r in suivant.rubriques.all())
    with pytest.raises(ActionRefusee, match="à confirmer"):
        bilans.passer_bilan(direction, suivant, "deposer", **QUAND)


def test_la_convention_renouvelee_reprend_les_textes_de_celle_qu_elle_suit(direction, convention):
    bilans.ecrire_bilan(direction, ouvrir(direction, convention, 2027), SIX, {}, maintenant=MAINTENANT)
    suite = convention_en_cours(structure=convention.structure, debut=date(2028, 1, 1), fin=date(2031, 1, 1))
    repris = ouvrir(direction, suite, 2028).rubriques.get(code="suivi")
    assert (repris.texte, repris.repris) == (SIX["suivi"], True)


def test_un_ecart_se_tranche_avec_son_motif(direction, ddets, convention):
    bilan = ouvrir(direction, convention)
    ChiffreBilan.objects.filter(bilan=bilan, code="sorties_examinees").update(extranet=Decimal(35))
    bilans.ecrire_bilan(direction, bilan, SIX, {"sorties_examinees": "37"}, maintenant=MAINTENANT)
    chiffre = bilan.chiffres.get(code="sorties_examinees")
    assert chiffre.ecart.difference == 2
    with pytest.raises(EntreeInvalide):
        bilans.trancher(ddets, chiffre, motif=" ", decision="structure", maintenant=MAINTENANT)
    tranche = bilans.trancher(
        ddets, chiffre, motif="Deux sorties saisies tard", decision="structure", maintenant=MAINTENANT
    )
    assert tranche.decide_par
    muet = bilan.chiffres.get(code="presents")
    with pytest.raises(ActionRefusee, match="se taisent"):
        bilans.trancher(ddets, muet, motif="x", decision="extranet", maintenant=MAINTENANT)
    ChiffreBilan.objects.filter(pk=muet.pk).update(structure=40)
    seul = bilan.chiffres.get(code="presents")
    with pytest.raises(EntreeInvalide, match="retenez l'autre"):
        bilans.trancher(ddets, seul, motif="x", decision="extranet", maintenant=MAINTENANT)


def test_deux_sources_qui_concordent_ne_se_tranchent_pas(direction, ddets, convention):
    bilan = ouvrir(direction, convention)
    ChiffreBilan.objects.filter(bilan=bilan, code="presents").update(extranet=40, structure=40)
    with pytest.raises(ActionRefusee, match="concordent"):
        bilans.trancher(
            ddets, bilan.chiffres.get(code="presents"), motif="x", decision="extranet", maintenant=MAINTENANT
        )


def test_un_moyen_non_livre_dit_pourquoi_et_met_en_garde(ddets, convention):
    accorde = moyens.MoyenAccorde(2026, "dla", "Appui DLA", "DLA fictif", objectif_servi="Sorties dynamiques")
    moyen = moyens.accorder(ddets, convention, accorde)
    with pytest.raises(EntreeInvalide):
        moyens.passer_moyen(ddets, moyen, "manquer", jour=JOUR)
    moyens.passer_moyen(ddets, moyen, "manquer", jour=JOUR, motif="prestataire indisponible")
    ((objectif, dit),) = PageSuivi(convention, ddets, JOUR).mises_en_garde
    assert objectif == "Sorties dynamiques"
    assert "prestataire indisponible" in dit
    assert moyens.passer_moyen(ddets, moyen, "livrer", jour=JOUR).etat == EtatMoyen.LIVRE
    assert PageSuivi(convention, ddets, JOUR).mises_en_garde == []


def test_chaque_partie_inscrit_ses_engagements(roles, convention):
    pris = moyens.EngagementPris(2026, "orientations", "", nombre=20, profil="Allocataires", delai_jours=15)
    france_travail = roles[R.FRANCE_TRAVAIL]
    engagement = moyens.s_engager(france_travail, convention, pris)
    assert engagement.partie == str(france_travail.organisation)
    assert not engagement.de_la_structure
    offres = moyens.EngagementPris(2026, "offres", "", profil="Toutes les offres déposées")
    assert moyens.s_engager(roles[R.DIRECTION_STRUCTURE], convention, offres).de_la_structure
    with pytest.raises(ActionRefusee):
        moyens.constater(roles[R.DIRECTION_STRUCTURE], engagement, 12, "")
    assert moyens.constater(france_travail, engagement, 14, "").tenu == "14 sur 20"
    with pytest.raises(ActionRefusee):
        moyens.s_engager(roles[R.MEMBRE_CDIAE], convention, pris)


def agent(service) -> Utilisateur:
    return AdhesionFactory(organisation=service, role=Role.DEPARTEMENTAL).utilisateur


def test_une_passation_en_un_acte(ddets, convention):
    part, arrive = agent(convention.service), agent(convention.service)
    bureau.designer(ddets, convention, part, arrive, jour=JOUR)
    autre = convention_en_cours(structure=convention.structure, service=convention.service, debut=date(2022, 1, 1),
                                fin=date(2025, 1, 1), referent=arrive, suppleant=part)  # fmt: skip
    passation = bureau.transmettre(ddets, part, arrive, motif="Mutation", **QUAND)
    convention.refresh_from_db()
    autre.refresh_from_db()
    assert (convention.referent, convention.suppleant) == (arrive, None)
    assert (autre.referent, autre.suppleant) == (arrive, None)
    assert passation.conventions == 2
    with pytest.raises(EntreeInvalide, match="aucune convention"):
        bureau.transmettre(ddets, part, arrive, motif="", **QUAND)


def test_un_referent_est_un_agent_du_service(ddets, roles, convention):
    with pytest.raises(ActionRefusee, match="Choisissez parmi les agents"):
        bureau.designer(ddets, convention, roles[R.DIRECTION_STRUCTURE].utilisateur, None, jour=JOUR)


def annexe(structure, **champs) -> AnnexeLue:
    livraison = Livraison.objects.create(source="fluxiae", auteur_nom="Essai")
    defaut = {
        "structure": structure, "id_structure_asp": structure.id_asp, "id_annexe": structure.id_asp,
        "id_avenant": 1, "numero": "ACI044260001", "mesure": "ACI_DC", "etat": "VALIDE", "debut": date(2026, 1, 1),
        "fin_incluse": date(2026, 12, 31), "etp": Decimal(12), "montant_unitaire": Decimal("23921"), "retenue": True,
        "livraison": livraison, "empreinte": "x",
    }  # fmt: skip
    return AnnexeLue.objects.create(**(defaut | champs))


def reprendre(acteur, departement, *, essai: bool) -> Operation:
    """Demander une reprise et la faire, comme le fait l'arrière-plan."""
    demande = {"essai": essai, "maintenant": timezone.now()}
    return operations.executer(acteur, operations.demander(acteur, GenreOperation.ANNEXES, departement, **demande))


def test_reprise_en_masse_un_essai_n_ecrit_rien_et_rejouer_ne_double_pas(convention, ddets):
    from tests.factories_socle import StructureFactory

    nouvelle = StructureFactory(departement=convention.departement)
    annee = timezone.localdate().year
    celle_de_l_annee = {"debut": date(annee, 1, 1), "fin_incluse": date(annee, 12, 31)}
    annexe(nouvelle, **celle_de_l_annee)
    annexe(convention.structure, id_annexe=7, **celle_de_l_annee)
    annexe(StructureFactory(departement=convention.departement), etat="SAISI", id_annexe=8, **celle_de_l_annee)
    avant = Convention.objects.count()
    essai = reprendre(ddets, convention.departement, essai=True)
    assert Convention.objects.count() == avant
    for attendu in (avant + 1, avant + 1):
        reprendre(ddets, convention.departement, essai=False)
        assert Convention.objects.count() == attendu
    assert (essai.etat, essai.progression) == ("finie", 100)
    assert essai.comptes == {"déjà présente": 1, "reprise": 1, "écartée": 1}
    assert "elle est à l’état SAISI" in next(x["detail"] for x in essai.rapport if x["issue"] == "écartée")
    reprise = Convention.objects.get(structure=nouvelle)
    assert (reprise.etat, reprise.origine) == (EtatConvention.EN_COURS, Origine.REPRISE)
    assert reprise.versions.get().termes.postes == 12


def test_la_reprise_avance_par_morceaux_et_ce_qui_est_fait_avant_un_arret_reste(convention, ddets, monkeypatch):
    from convenir.contrat.suivi.actions import reprises
    from tests.factories_socle import StructureFactory

    annee = timezone.localdate().year
    for rang in range(3):
        neuve = StructureFactory(departement=convention.departement)
        annexe(neuve, id_annexe=rang, debut=date(annee, 1, 1), fin_incluse=date(annee, 12, 31))
    avancees, creer, faites = [], reprises._creer, []

    def fragile(*args):
        avancees.append(Operation.objects.get().progression)
        if len(faites) == 2:
            raise RuntimeError("la machine s'arrête")
        faites.append(creer(*args))
        return faites[-1]

    monkeypatch.setattr(reprises, "TAILLE", 1)
    monkeypatch.setattr(reprises, "_creer", fragile)
    with pytest.raises(RuntimeError):
        reprendre(ddets, convention.departement, essai=False)
    arretee = Operation.objects.get()
    assert avancees == [0, 33, 66]
    assert (arretee.etat, len(arretee.rapport)) == ("echouee", 2)
    monkeypatch.setattr(reprises, "_creer", creer)
    suite = reprendre(ddets, convention.departement, essai=False)
    assert suite.comptes == {"déjà présente": 2, "reprise": 1}


def test_signe_ici_attendu_a_l_asp_puis_clos_par_l_import(convention, ddets):
    version = convention.versions.get()
    passage = Passage.objects.create(
        convention=convention, version=version, transition="achever_signature", depuis="a_signer", vers="signe",
        jour=JOUR, enregistre_le=MAINTENANT, auteur_nom="x",
    )  # fmt: skip
    fait = Evenement("achever_signature", convention, Acteur.systeme("Essai"), JOUR, MAINTENANT, passage)
    reactions.apres_les_signatures([fait])
    assert [s.version for s in listes.signes_non_valides(ddets)] == [version]
    annexe(convention.structure, debut=date(2025, 1, 1), fin_incluse=date(2025, 12, 31), etp=Decimal(10))
    assert reactions.rapprocher_de_l_asp() == 0, "d'autres postes ne valident pas l'acte"
    AnnexeLue.objects.update(etp=Decimal(12))
    assert "suivi.livraison" in {inscrit[0][0] for inscrit in livraison_appliquee.receivers}
    reactions.apres_une_livraison(livraison_uuid=uuid4())
    assert not listes.signes_non_valides(ddets).exists(), "la livraison appliquée clôt d'elle-même"
    assert SigneNonValide.objects.get().annexe_lue is not None
    assert reactions.rapprocher_de_l_asp() == 0


def chiffre(explication: str = "Deux mois manquent") -> bureau.ChiffreConteste:
    return bureau.ChiffreConteste("iae.etp.realises", "2025", "ETP réalisés", "11,20", "12,00", explication)


def test_une_contestation_reste_montree_jusqu_a_sa_correction(direction, ddets, convention):
    contestation = bureau.contester(direction, convention.structure, chiffre(), maintenant=MAINTENANT)
    with pytest.raises(EntreeInvalide, match="déjà contesté"):
        bureau.contester(direction, convention.structure, chiffre(), maintenant=MAINTENANT)
    bureau.passer_contestation(ddets, contestation, "corriger", reponse="", maintenant=MAINTENANT)
    assert list(listes.contestations_vivantes(convention.structure)) == [contestation]
    with pytest.raises(EntreeInvalide):
        bureau.passer_contestation(ddets, contestation, "maintenir", reponse="", maintenant=MAINTENANT)
    bureau.passer_contestation(ddets, contestation, "maintenir", reponse="Le fichier est juste", maintenant=MAINTENANT)
    assert not listes.contestations_vivantes(convention.structure).exists()


def test_un_calcul_clot_la_contestation_dont_le_chiffre_a_change(direction, ddets, convention, monkeypatch):
    contestation = bureau.contester(direction, convention.structure, chiffre(), maintenant=MAINTENANT)
    bureau.passer_contestation(ddets, contestation, "corriger", reponse="Saisie faite", maintenant=MAINTENANT)

    class Valeurs:
        texte, statut = "11,20", Statut.DISPONIBLE

        def get(self, *_: object) -> Valeurs:
            return self

    valeurs = Valeurs()
    monkeypatch.setattr(reactions.indicateurs, "valeurs", lambda *_: valeurs)
    assert reactions.clore_les_contestations(None) == 0, "le chiffre n'a pas changé"
    valeurs.texte, valeurs.statut = "n. d.", Statut.MANQUANT
    assert reactions.clore_les_contestations(None) == 0, "un calcul sans ce chiffre ne le corrige pas"
    valeurs.texte, valeurs.statut = "12,00", Statut.DISPONIBLE
    assert "suivi.instantane" in {inscrit[0][0] for inscrit in instantane_calcule.receivers}
    reactions.apres_un_calcul(instantane=Instantane(dispositif="ml"))
    assert Contestation.objects.get().etat != EtatContestation.CLOSE, "un calcul des missions locales n'y touche pas"
    reactions.apres_un_calcul(instantane=Instantane(dispositif="iae"))
    close = Contestation.objects.get()
    assert (close.etat, close.valeur_nouvelle) == (EtatContestation.CLOSE, "12,00")


def test_une_contestation_ne_se_rouvre_pas_quand_la_structure_en_a_ouvert_une_autre(direction, ddets, convention):
    premiere = bureau.contester(direction, convention.structure, chiffre(), maintenant=MAINTENANT)
    bureau.passer_contestation(ddets, premiere, "maintenir", reponse="Le fichier est juste", maintenant=MAINTENANT)
    bureau.contester(direction, convention.structure, chiffre("Encore"), maintenant=MAINTENANT)
    with pytest.raises(ActionRefusee, match="conteste déjà de nouveau"):
        bureau.passer_contestation(ddets, premiere, "rouvrir", reponse="Revu", maintenant=MAINTENANT)


def test_un_chiffre_change_par_la_structure_est_de_nouveau_a_rapprocher(direction, ddets, convention):
    bilan = bilans.ouvrir_bilan(direction, convention, 2025, maintenant=MAINTENANT)
    bilans.ecrire_bilan(direction, bilan, {}, {"presents": "10"}, maintenant=MAINTENANT)
    tranche = {"motif": "Fiches de présence", "decision": "structure", "maintenant": MAINTENANT}
    bilans.trancher(ddets, bilan.chiffres.get(code="presents"), **tranche)
    bilans.ecrire_bilan(direction, bilan, {}, {"presents": "10,0"}, maintenant=MAINTENANT)
    assert bilan.chiffres.get(code="presents").decision == "structure", "le même chiffre ne rouvre rien"
    bilans.ecrire_bilan(direction, bilan, {}, {"presents": "99"}, maintenant=MAINTENANT)
    change = bilan.chiffres.get(code="presents")
    assert (change.decision, change.motif, change.decide_le) == ("", "", None)


def test_une_convention_reprise_du_31_mars_dure_trois_ans_entiers():
    from types import SimpleNamespace as Lue

    from convenir.contrat.suivi.actions import reprises

    convention = Lue(debut=date(2024, 3, 31), fin_incluse=date(2027, 3, 30))
    annexe = Lue(debut=date(2025, 1, 1), fin_incluse=date(2025, 12, 31), convention=convention)
    assert reprises._periode(annexe) == (date(2024, 3, 31), date(2027, 3, 31))
