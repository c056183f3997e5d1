"""Several exports of one organisation: a named mapping for each, chosen at the deposit, sent out and taken in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.correspondances import AUCUNE, lire_yaml
from convenir.mesure.donnees.models import CorrespondanceDeSource, Livraison
from convenir.mesure.donnees.states import EtatLivraison
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import MissionLocaleFactory, ServiceNationalFactory

pytestmark = pytest.mark.django_db
IMILO = """
nom: I-MILO
tables:
  jeune:
    fichier: dossiers.csv
    colonnes:
      jeune_id: N° dossier
      sexe: {colonne: Civilité, valeurs: {Mme: F, M.: H}}
"""
PARCOURS3 = """
nom: Parcours 3
tables:
  jeune:
    fichier: p3_jeunes.csv
    colonnes:
      jeune_id: IDENT
      sexe: {colonne: SX, valeurs: {"2": F, "1": H}}
"""
FICHIERS = {
    "I-MILO": ("dossiers.csv", "N° dossier", "Civilité", {"F": "Mme", "H": "M."}),
    "Parcours 3": ("p3_jeunes.csv", "IDENT", "SX", {"F": "2", "H": "1"}),
}


@pytest.fixture
def national(geographie, donnees):
    """The national depositor, logged in: it loads several exports."""
    return connecter(AdhesionFactory(role=Role.DONNEES_NATIONALES, organisation=ServiceNationalFactory()))


@pytest.fixture
def deux(national):
    """Its two mappings."""
    return [actions.enregistrer(lire_yaml(texte), national.acteur) for texte in (IMILO, PARCOURS3)]


def export(petit: Path, nom: str) -> Path:
    """Write the table of youths as one software writes it."""
    fichier, ident, sexe, codes = FICHIERS[nom]
    with (petit / "jeune.csv").open(newline="") as source:
        lignes = list(csv.reader(source))
    entete = [{"jeune_id": ident, "sexe": sexe}.get(c, c) for c in lignes[0]]
    rang = lignes[0].index("sexe")
    with (petit / fichier).open("w", newline="") as sortie:
        csv.writer(sortie).writerows([entete, *([*x[:rang], codes[x[rang]], *x[rang + 1 :]] for x in lignes[1:])])
    (petit / "jeune.csv").unlink()
    return petit


@pytest.fixture
def deposer(national, django_capture_on_commit_callbacks):
    """Send a folder from the page, read through a mapping or not, and let its control run."""

    def envoyer(dossier: Path, connue: CorrespondanceDeSource | None) -> Livraison:
        donnees = {
            "fichiers": [SimpleUploadedFile(f.name, f.read_bytes()) for f in sorted(dossier.iterdir())],
            "genre": "ml", "correspondance": connue.pk if connue else "",
        }  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):
            national.client.post(reverse("donnees:deposer"), donnees)
        return Livraison.objects.latest("pk")

    return envoyer


def test_chaque_export_se_lit_par_la_sienne(deux, petit, deposer):
    livraison = deposer(export(petit, "Parcours 3"), deux[1])
    assert (livraison.etat, livraison.correspondance) == (EtatLivraison.CONTROLEE, deux[1]), livraison.message
    assert livraison.rapport["quarantaine"] == 0


def test_la_mauvaise_se_change_sans_rien_redeposer(deux, petit, deposer, national, django_capture_on_commit_callbacks):
    livraison = deposer(export(petit, "Parcours 3"), deux[0])
    assert livraison.etat == EtatLivraison.A_RELIER
    page = national.client.get(reverse("donnees:correspondance", args=[livraison.uuid]))
    assert {t["vue"].nom: t["etat"] for t in page.context["tables"]}["jeune"] == "manquante"
    national.client.post(reverse("donnees:choisir", args=[livraison.uuid]), {"correspondance": deux[1].pk})
    page = national.client.get(reverse("donnees:correspondance", args=[livraison.uuid]))
    assert {t["vue"].nom: t["etat"] for t in page.context["tables"]}["jeune"] == "reliee"
    with django_capture_on_commit_callbacks(execute=True):
        national.client.post(reverse("donnees:relancer", args=[livraison.uuid]))
    livraison.refresh_from_db()
    assert livraison.etat == EtatLivraison.CONTROLEE, livraison.message
    # What was chosen by mistake has not moved.
    deux[0].refresh_from_db()
    assert lire_yaml(IMILO).en_donnees() == deux[0].contenu


def test_la_qualite_de_plusieurs_missions_locales_se_lit_avant_dappliquer(
    deux, petit, deposer, national, django_capture_on_commit_callbacks
):
    livraison = deposer(export(petit, "I-MILO"), deux[0])
    page = national.client.get(livraison.get_absolute_url()).content.decode()
    assert "2\xa0missions locales mesurées" in page
    assert page.index("Qualité de la saisie d’abord") < page.index("Appliquer cette livraison")
    adresse = reverse("portail:qualite_depot", args=[livraison.uuid])
    lues = {code: national.client.get(adresse, {"ml": code}).context for code in ("ML04401", "ML08501", "inconnue")}
    assert [c["code"] for c in lues.values()] == ["ML04401", "ML08501", "ML04401"]
    assert lues["ML04401"]["presentation"].rangs != lues["ML08501"]["presentation"].rangs
    with django_capture_on_commit_callbacks(execute=True):
        national.client.post(reverse("donnees:appliquer", args=[livraison.uuid]))
    # Once applied the page no longer says that nothing is computed, and what was measured can still be read.
    page = national.client.get(livraison.get_absolute_url()).content.decode()
    assert "Aucun indicateur n’est encore calculé" not in page
    assert "ce dépôt est appliqué" in national.client.get(adresse).content.decode()


def test_la_page_propose_celle_du_dernier_depot(deux, petit, deposer, national):
    page = national.client.get(reverse("donnees:deposer"))
    assert page.context["formulaire"]["correspondance"].value() is None
    assert [c.nom for c in page.context["formulaire"].fields["correspondance"].queryset] == ["I-MILO", "Parcours 3"]
    deposer(export(petit, "Parcours 3"), deux[1])
    page = national.client.get(reverse("donnees:deposer"))
    assert page.context["formulaire"].initial["correspondance"] == deux[1]
    assert f'<option value="{deux[1].pk}" selected>Parcours 3' in page.content.decode()


def test_relier_un_export_nouveau_en_cree_une_troisieme(deux, petit, deposer, national):
    livraison = deposer(export(petit, "I-MILO"), None)
    assert livraison.etat == EtatLivraison.A_RELIER
    adresse = reverse("donnees:relier", args=[livraison.uuid, "jeune"])
    formulaire = national.client.get(adresse).context["formulaire"]
    champs = {nom: formulaire[nom].value() or "" for nom in formulaire.fields}
    national.client.post(adresse, {**champs, "c_jeune_id": "N° dossier", "c_sexe": "Civilité"})
    livraison.refresh_from_db()
    assert livraison.correspondance.nom.startswith("Export du ")
    assert queries.correspondances(national.acteur).count() == 3
    nommee = livraison.correspondance
    actions.renommer(nommee, "I-MILO, Bretagne", national.acteur)
    yaml = national.client.get(reverse("donnees:correspondance_nommee_yaml", args=[nommee.pk]))
    assert yaml["Content-Disposition"] == 'attachment; filename="correspondance-i-milo-bretagne.yaml"'
    assert lire_yaml(yaml.content.decode()).nom == "I-MILO, Bretagne"


def test_le_fichier_exporte_se_reprend_ailleurs_et_dans_la_ligne_de_commande(deux, national, tmp_path):
    exporte = national.client.get(reverse("donnees:correspondance_nommee_yaml", args=[deux[0].pk])).content
    assert lire_yaml(exporte.decode()) == lire_yaml(IMILO)
    voisine = connecter(
        AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=MissionLocaleFactory().organisation)
    )
    voisine.client.post(
        reverse("donnees:correspondances"), {"fichier": SimpleUploadedFile("f.yaml", exporte, "application/yaml")}
    )
    reprise = queries.correspondances(voisine.acteur).get()
    assert (reprise.nom, reprise.contenu) == ("I-MILO", deux[0].contenu)
    assert voisine.client.get(deux[0].get_absolute_url()).status_code == 404
    with pytest.raises(ActionRefusee, match="autre organisation"):
        actions.supprimer(deux[0], voisine.acteur)


def test_un_nom_une_correspondance(deux, national):
    actions.enregistrer(lire_yaml(IMILO), national.acteur)
    assert queries.correspondances(national.acteur).count() == 2
    # The same name again: what it says is replaced, and the journal keeps what it said.
    actions.enregistrer(lire_yaml(IMILO.replace("N° dossier", "Numéro")), national.acteur)
    assert queries.correspondances(national.acteur).count() == 2
    assert "N° dossier" in str(Entree.objects.filter(acte="donnees.correspondance").latest("numero").charge.avant)
    with pytest.raises(EntreeInvalide, match="s'appelle déjà « Parcours 3 »"):
        actions.renommer(deux[0], "Parcours 3", national.acteur)
    with pytest.raises(EntreeInvalide, match="Donnez un nom"):
        actions.enregistrer(lire_yaml(IMILO.replace("nom: I-MILO", "")), national.acteur)
    page = national.client.post(deux[0].get_absolute_url(), {"nom": "Parcours 3"})
    assert "déjà « Parcours 3 »" in page.content.decode()


def test_une_supprimee_laisse_ses_depots_et_sa_trace(deux, petit, deposer, national):
    livraison = deposer(export(petit, "Parcours 3"), deux[1])
    national.client.post(reverse("donnees:supprimer_correspondance", args=[deux[1].pk]))
    livraison.refresh_from_db()
    assert livraison.correspondance is None
    assert livraison.etat == EtatLivraison.CONTROLEE
    assert actions.de_la_livraison(livraison) == AUCUNE
    assert Entree.objects.get(acte="donnees.correspondance_supprimee").charge.avant["nom"] == "Parcours 3"
    restantes = national.client.get(reverse("donnees:correspondances")).context["correspondances"]
    assert [(c.nom, c.depots) for c in restantes] == [("I-MILO", 0)]


def test_celle_dune_autre_organisation_ne_se_choisit_pas(deux, petit, deposer, geographie):
    autre = CorrespondanceDeSource.objects.create(
        organisation=MissionLocaleFactory().organisation, nom="Voisine", contenu={"tables": {}}
    )
    avant = Livraison.objects.count()
    with pytest.raises(Livraison.DoesNotExist):
        deposer(export(petit, "Parcours 3"), autre)
    assert Livraison.objects.count() == avant


def test_renommer_ne_fait_pas_une_autre_livraison(deux, petit, importer, national):
    dossier = export(petit, "Parcours 3")
    premiere = importer(dossier, correspondance=lire_yaml(PARCOURS3))
    seconde = importer(dossier, correspondance=lire_yaml(PARCOURS3.replace("nom: Parcours 3", "nom: Autre nom")))
    assert seconde.livraison == premiere.livraison
