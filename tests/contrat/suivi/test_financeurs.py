"""The annex of each funder, by organisation, its account, and the bilan that asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from convenir.contrat.conventions.documents import produits
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.financeurs import financeurs_possibles
from convenir.contrat.conventions.rules.termes import Cofinancement
from convenir.contrat.dossiers.models import ActionProjet
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi.actions import bilans, financeurs
from convenir.contrat.suivi.models import AnnexeDeFinanceur
from convenir.contrat.suivi.queries.financeurs import comptes_rendus
from convenir.contrat.suivi.rules.bilan import RUBRIQUES, refus_sans_compte_rendu
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.docx import texte_du_docx
from convenir.socle.organisations.models import Nature, Organisation
from convenir.socle.taches.models import Tache
from tests.contrat.suivi.outils import JOUR, MAINTENANT, QUAND
from tests.factories_conventions import TERMES, convention_en_cours
from tests.factories_dossiers import dossier_depose
from tests.factories_socle import DepartementFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
R = Role


def financeur_d_ici(convention: Convention, nom: str) -> Organisation:
    return OrganisationFactory(
        nom=nom, nature=Nature.COLLECTIVITE, niveau="departemental", departement=convention.departement
    )


@pytest.fixture
def personnes(convention, gens):
    return gens(convention)


@pytest.fixture
def roles(personnes):
    return {role: c.acteur for role, c in personnes.items()}


@pytest.fixture
def departement(convention) -> Organisation:
    return financeur_d_ici(convention, "Département fictif")


def test_un_compte_rendu_explique_tout_ecart_au_plan(roles, convention, departement):
    champs = {"annee": 2025, "prevu": Decimal(10_000), "objectifs": "Allocataires"}
    annexe = financeurs.annexer(roles[R.DEPARTEMENTAL], convention, departement, champs)
    assert annexe.financeur == departement.nom
    with pytest.raises(EntreeInvalide, match="xpliquez"):
        financeurs.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(9_000), " ", **QUAND)
    rendue = financeurs.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(9_000), "Un poste vacant", **QUAND)
    assert rendue.ecart.startswith("\u22121")
    conforme = financeurs.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(10_000), "", **QUAND)
    assert conforme.ecart == "conforme au plan de financement"
    with pytest.raises(EntreeInvalide, match="déjà"):
        financeurs.annexer(roles[R.DEPARTEMENTAL], convention, departement, champs)
    with pytest.raises(ActionRefusee):
        financeurs.annexer(roles[R.DIRECTION_STRUCTURE], convention, departement, champs | {"annee": 2026})


def test_l_annexe_d_un_financeur_et_son_compte_rendu_font_un_document(roles, convention):
    region = financeur_d_ici(convention, "Région fictive")
    commun = {"convention": convention, "annee": 2025, "nature": "local", "cree_le": MAINTENANT, "seuil_partiel": 80}
    Objectif.objects.create(libelle="Permis passés", attendu_par=region, unite="personnes", axe="formation",
                            etat="convenu", cible=10, convenu_le=JOUR, **commun)  # fmt: skip
    Objectif.objects.create(libelle="Pour un autre", axe="formation", **commun)
    champs = {"annee": 2025, "prevu": Decimal(10_000), "responsabilites": "Le CléA."}
    annexe = financeurs.annexer(roles[R.DEPARTEMENTAL], convention, region, champs)
    dossier = dossier_depose("en_cours", convention=convention)
    attendue = {"orientation": "Mobilité", "organisation": region, "attendue_par": region.nom, "ecrite_le": MAINTENANT}
    ActionProjet.objects.create(dossier=dossier, axe="formation", intitule="Permis fictif", **attendue)

    def lu() -> tuple[str, list[str]]:
        (ecrit,) = [e for e in produits.ecrits_de(convention, JOUR) if e.cle == f"financeur-{annexe.pk}"]
        deux = [produits.rendus(ecrit.composer(), ecrit.instant) for _ in range(2)]
        assert deux[0]["docx"].sha256 == deux[1]["docx"].sha256
        assert deux[0]["pdf"].sha256 == deux[1]["pdf"].sha256
        return texte_du_docx(deux[0]["docx"].octets).replace("\u00a0", " "), list(deux[0])

    avant, formats = lu()
    assert sorted(formats) == ["docx", "pdf"]
    permis = "Permis fictif. Orientation du plan départemental : Mobilité."
    for attendu in ("Annexe 2025 : Région fictive", "Permis passés : 10", permis, "Le CléA.", "n. d."):
        assert attendu in avant
    assert "Pour un autre" not in avant
    assert "Accueil fictif" not in avant, "une action que ce financeur n'attend pas"
    financeurs.rendre_compte(roles[R.DIRECTION_STRUCTURE], annexe, Decimal(9_000), "Un poste vacant", **QUAND)
    apres, _ = lu()
    assert "Un poste vacant" in apres
    assert "9\u202f000,00" in apres
    assert "n. d." not in apres


def test_un_financeur_lit_son_annexe_par_son_organisation_jamais_par_un_nom(roles, convention, departement):
    compte = roles[R.FINANCEUR]
    commun = {"annee": 2025, "prevu": Decimal(10_000)}
    assert compte.organisation in financeurs_possibles(convention)
    sienne = financeurs.annexer(roles[R.DEPARTEMENTAL], convention, compte.organisation, commun)
    autre = financeurs.annexer(roles[R.DEPARTEMENTAL], convention, departement, commun)
    homonyme = AnnexeDeFinanceur.objects.create(
        convention=convention, financeur=compte.organisation.nom, annee=2024, prevu=1
    )

    def lues(acteur) -> list[bool]:
        cles = [f"{convention.reference}/financeur-{a.pk}" for a in (sienne, autre, homonyme)]
        return [produits.GENRE.lire(acteur, cle) is None for cle in cles]

    assert lues(compte) == [True, False, False], "un nom écrit à la main n'ouvre rien"
    assert lues(roles[R.DEPARTEMENTAL]) == lues(roles[R.DIRECTION_STRUCTURE]) == [True, True, True]
    financeurs.rattacher(roles[R.DEPARTEMENTAL], homonyme, compte.organisation)
    assert lues(compte) == [True, False, True]
    with pytest.raises(ActionRefusee, match="déjà son financeur"):
        financeurs.rattacher(roles[R.DEPARTEMENTAL], homonyme, departement)


def test_un_financeur_se_choisit_dans_la_liste_du_territoire(roles, convention):
    ailleurs = OrganisationFactory(nature=Nature.COLLECTIVITE, departement=DepartementFactory())
    reseau = OrganisationFactory(nature=Nature.RESEAU, departement=convention.departement)
    for organisation in (ailleurs, reseau):
        with pytest.raises(EntreeInvalide, match="choisissez-le dans la liste"):
            financeurs.annexer(roles[R.DEPARTEMENTAL], convention, organisation, {"annee": 2025, "prevu": 1})


def test_la_migration_rattache_un_nom_sans_ambiguite_et_laisse_les_autres(convention, departement):
    deux = [financeur_d_ici(convention, "Ville fictive") for _ in range(2)]
    annexes = {
        nom: AnnexeDeFinanceur.objects.create(convention=convention, financeur=nom, annee=annee, prevu=1)
        for nom, annee in ((departement.nom, 2025), ("Ville fictive", 2025), ("Inconnu", 2025))
    }
    migration = import_module("convenir.contrat.suivi.migrations.0006_financeurs_par_organisation")
    migration.rattacher_les_annexes(apps, None)
    lues = {nom: AnnexeDeFinanceur.objects.get(pk=a.pk).organisation for nom, a in annexes.items()}
    assert len(deux) == 2
    assert lues == {departement.nom: departement, "Ville fictive": None, "Inconnu": None}


def test_la_page_du_suivi_ne_montre_a_un_financeur_que_son_annexe(personnes, convention, departement):
    compte, agent = personnes[R.FINANCEUR], personnes[R.DEPARTEMENTAL]
    commun = {"annee": 2025, "prevu": Decimal(10_000)}
    financeurs.annexer(agent.acteur, convention, compte.acteur.organisation, {**commun, "objectifs": "Le sien"})
    financeurs.annexer(agent.acteur, convention, departement, {**commun, "objectifs": "Celui d’un autre"})
    adresse = reverse("suivi:convention", args=[convention.reference])
    lues = [p.client.get(adresse).content.decode() for p in (compte, agent)]
    assert [("Le sien" in page, "Celui d’un autre" in page) for page in lues] == [(True, False), (True, True)]


# --- le bilan demande le compte rendu de chaque financeur


def test_l_annexe_part_de_ce_que_la_demande_sollicite(personnes, convention, departement):
    dossier = dossier_depose("en_cours", convention=convention)
    demande = dossier.financements.create(
        nature="departement", nom=departement.nom, organisation=departement, base=24_000, efforts=6_000, objet="Permis"
    )
    client = personnes[R.DEPARTEMENTAL].client
    page = client.get(reverse("suivi:convention", args=[convention.reference])).content.decode()
    ajouter = reverse("suivi:annexe_ajouter", args=[convention.reference])
    assert f"{ajouter}?demande={demande.pk}" in page
    formulaire = client.get(ajouter, {"demande": demande.pk}).context["formulaire"]
    assert formulaire["prevu"].value() == "30\u202f000,00"
    assert formulaire["organisation"].value() == departement.pk
    champs = {"organisation": departement.pk, "prevu": "30 000", "annee": formulaire["annee"].value()}
    assert client.post(ajouter, champs).status_code == 302
    page = client.get(reverse("suivi:convention", args=[convention.reference])).content.decode()
    assert "?demande=" not in page, "l'annexe écrite n'est plus à écrire"
    lecteur = personnes[R.DIRECTION_STRUCTURE].client
    assert "?demande=" not in lecteur.get(reverse("suivi:convention", args=[convention.reference])).content.decode()


@pytest.mark.parametrize(
    ("manquants", "motif", "attendu_le", "refus"),
    [
        ([], "", None, ""),
        (["A", "B"], " ", None, "Compte rendu financier manquant : A et B"),
        (["A"], "Comptes non arrêtés", None, ""),
        (["A"], "", date(2026, 6, 1), ""),
        (["A"], "Comptes non arrêtés", date(2026, 4, 9), "s'attend après le dépôt"),
    ],
)
def test_un_bilan_sans_compte_rendu_dit_pourquoi_ou_quand(manquants, motif, attendu_le, refus):
    dit = refus_sans_compte_rendu(manquants, motif, attendu_le, JOUR)
    assert dit == refus == "" or refus in dit


@pytest.fixture
def bilan(roles, convention):
    direction = roles[R.DIRECTION_STRUCTURE]
    ouvert = bilans.ouvrir_bilan(direction, convention, 2025, maintenant=MAINTENANT)
    bilans.ecrire_bilan(direction, ouvert, {r.code: "Texte fictif" for r in RUBRIQUES}, {}, maintenant=MAINTENANT)
    return ouvert


def test_le_bilan_nomme_chaque_compte_rendu_manquant_et_ne_se_depose_pas_sans_raison(
    roles, convention, departement, bilan
):
    direction = roles[R.DIRECTION_STRUCTURE]
    annexe = financeurs.annexer(
        roles[R.DEPARTEMENTAL], convention, departement, {"annee": 2025, "prevu": Decimal(100)}
    )
    with pytest.raises(ActionRefusee, match=f"manquant : {departement.nom}"):
        bilans.passer_bilan(direction, bilan, "deposer", **QUAND)
    tard = date(2026, 6, 1)
    depose = bilans.passer_bilan(direction, bilan, "deposer", attendu_le=tard, **QUAND)
    assert (depose.etat, depose.compte_rendu_attendu_le) == ("bilan_depose", tard)
    tache = Tache.objects.get(code="suivi.compte_rendu_attendu", faite_le=None)
    assert (tache.echeance, departement.nom in tache.libelle) == (tard, True)
    financeurs.rendre_compte(direction, annexe, Decimal(100), "", **QUAND)
    assert not Tache.objects.filter(code="suivi.compte_rendu_attendu", faite_le=None).exists()


def test_un_cofinanceur_des_termes_sans_annexe_est_dit_manquant(gens):
    termes = replace(TERMES, cofinancements=(Cofinancement("0", "Département sans annexe", Decimal(2)),))
    convention = convention_en_cours(termes, debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    assert [(c.financeur, c.cle, c.manque) for c in comptes_rendus(convention, 2025)] == [
        ("Département sans annexe", None, True)
    ]


def test_la_page_du_bilan_dit_ce_qui_manque_et_le_depot_en_porte_le_motif(personnes, convention, departement, bilan):
    financeurs.annexer(personnes[R.DEPARTEMENTAL].acteur, convention, departement,
                       {"annee": 2025, "prevu": Decimal(100)})  # fmt: skip
    client = personnes[R.DIRECTION_STRUCTURE].client
    page = client.get(bilan.get_absolute_url()).content.decode()
    sans = reverse("suivi:bilan_sans_compte_rendu", args=[convention.reference, 2025])
    assert 'name="deposer"' in page
    ecrit = {f"r-{r.code}": "Texte inventé" for r in bilan.rubriques.all()}
    assert client.post(bilan.get_absolute_url(), ecrit | {"deposer": "oui"})["Location"] == sans
    assert "Rendre compte" in page
    assert client.post(sans, {"motif": ""}).status_code == 400
    assert client.post(sans, {"motif": "Comptes non arrêtés"}).status_code == 302
    bilan.refresh_from_db()
    assert bilan.sans_compte_rendu == "Comptes non arrêtés"
    assert "Comptes non arrêtés" in client.get(bilan.get_absolute_url()).content.decode()


def test_un_financeur_ne_lit_au_suivi_que_le_resultat_des_objectifs_qu_il_attend(personnes, convention):
    financeur = personnes[R.FINANCEUR]
    communs = {"convention": convention, "annee": 2025, "axe": "formation", "nature": "local", "seuil_partiel": 80,
               "etat": "convenu", "cible": 5, "cree_le": MAINTENANT}  # fmt: skip
    Objectif.objects.create(libelle="Attendu par lui", attendu_par=financeur.adhesion.organisation, **communs)
    Objectif.objects.create(libelle="Attendu de l’État seul", **communs)
    adresse = reverse("suivi:convention", args=[convention.reference])
    lue, entiere = (personnes[r].client.get(adresse).content.decode() for r in (R.FINANCEUR, R.DEPARTEMENTAL))
    assert "Attendu par lui" in lue
    assert "Attendu de l’État seul" not in lue
    assert "Attendu de l’État seul" in entiere


def test_la_structure_ou_le_service_ouvre_un_bilan_personne_d_autre(roles, convention):
    for role in (R.FRANCE_TRAVAIL, R.FINANCEUR, R.NATIONAL):
        with pytest.raises(ActionRefusee):
            bilans.ouvrir_bilan(roles[role], convention, 2025, maintenant=MAINTENANT)
    for role in (R.COLLABORATION_STRUCTURE, R.DEPARTEMENTAL):
        assert bilans.ouvrir_bilan(roles[role], convention, 2025, maintenant=MAINTENANT).annee == 2025
