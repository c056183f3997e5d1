"""A mission locale deposits files whose headers are its own, relates them, computes and forgets; the others read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.donnees.models import CorrespondanceDeSource, Livraison
from convenir.mesure.indicateurs.models import ChiffreMissionLocale
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale
from tests.factories_socle import MissionLocaleFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
CANAL, LANDE = "ML04401", "ML08501"
ENTETES = {
    "jeune": {"jeune_id": "N° dossier", "sexe": "Champ 4", "naissance_mois": "Date de naissance"},
    "jeune_etat": {"niveau": "Champ 12"},
}
EXPORTS = {"jeune": "export_dossiers.csv", "jeune_etat": "export_etats.csv"}
# Two exports of one mission locale: that of its former software, and that of today, whose level nobody has related.
ANCIEN = """
nom: Ancien logiciel (fictif)
tables:
  jeune: {fichier: p3_jeunes.csv, colonnes: {jeune_id: IDENT, sexe: {colonne: SX, valeurs: {"2": F, "1": H}}}}
"""
IMILO = """
nom: I-MILO (fictif)
tables:
  jeune:
    fichier: export_dossiers.csv
    colonnes: {jeune_id: N° dossier, sexe: Champ 4, naissance_mois: Date de naissance}
  jeune_etat: {fichier: export_etats.csv}
"""
NIVEAU = "Jeunes en contact sans niveau ou sans réponse sur le diplôme"


@pytest.fixture(autouse=True)
def reseau(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    territoire.poser_la_geographie()
    for code, nom, departement in ((CANAL, "Mission locale du Canal (fictif)", "44"),
                                   (LANDE, "Mission locale de la Lande (fictif)", "85")):  # fmt: skip
        MissionLocaleFactory(code=code, nom=nom, departement_id=departement)


def exporter(dossier: Path, sienne: str, autre: str, tables: tuple[str, ...] = ("jeune",)) -> list[str]:
    """Write the files of one mission locale, some of its tables under names and headers of its own."""
    generer_mini_ml(dossier)
    for fichier in dossier.glob("*.csv"):
        lignes = fichier.read_text("utf-8").splitlines(keepends=True)
        fichier.write_text("".join(x for x in lignes if autre not in x), "utf-8")
    for table in tables:
        entete, _, suite = (dossier / f"{table}.csv").read_text("utf-8").partition("\n")
        colonnes = [ENTETES[table].get(c, c) for c in entete.split(",")]
        (dossier / f"{table}.csv").unlink()
        (dossier / EXPORTS[table]).write_text(",".join(colonnes) + "\n" + suite, "utf-8")
    return [str(f) for f in sorted(dossier.iterdir())]


def envoyer(visite, fichiers: list[str]) -> None:
    """Deposit files from the menu."""
    page = visite.page
    # Tasks run inside the request: a control and a whole calculation, on a machine that does other things.
    page.set_default_timeout(90_000)
    page.get_by_role("link", name="Données", exact=True).first.click()
    visite.aller("/donnees/deposer/")
    page.get_by_label("Fichiers", exact=False).first.set_input_files(fichiers)


def deposer(visite, fichiers: list[str]) -> None:
    """Deposit, relate the youths, control again, compute and forget."""
    page = visite.page
    envoyer(visite, fichiers)
    page.get_by_role("button", name="Envoyer et contrôler").click()
    page.get_by_role("link", name="Relier les colonnes").click()
    expect(page.locator("main")).to_contain_text("export_dossiers.csv")
    page.get_by_role("link", name="Dossiers : une ligne par jeune").click()
    # A header close to the format is proposed; the other is chosen by hand.
    expect(page.locator("[name=c_jeune_id]")).to_have_value("N° dossier")
    expect(page.locator("[name=c_sexe]")).to_have_value("")
    page.locator("[name=c_sexe]").select_option("Champ 4")
    visite.regarder("relier")
    page.get_by_role("button", name="Enregistrer cette table").click()
    page.get_by_role("button", name="Relancer le contrôle").click()
    page.get_by_role("button", name="Calculer et oublier").click()


def reprendre(visite, texte: str) -> None:
    """Take in a mapping written as YAML."""
    fichier = {"name": "correspondance.yaml", "mimeType": "application/yaml", "buffer": texte.encode()}
    visite.page.get_by_label("Fichier de correspondance").set_input_files(fichier)
    visite.page.get_by_role("button", name="Reprendre ce fichier").click()


def lire_la_qualite_avant(visite, mesure: str) -> None:
    """See the quality of a deposit: before the button that computes, and while no indicator exists."""
    page = visite.page
    qualite = page.get_by_role("heading", name="Qualité de la saisie d’abord").bounding_box()
    assert qualite["y"] < page.get_by_role("button", name="Calculer et oublier").bounding_box()["y"]
    assert not ChiffreMissionLocale.objects.exists()
    page.get_by_role("link", name="Lire la qualité de la saisie", exact=True).click()
    expect(page.locator("main")).to_contain_text("aucun indicateur n’est encore calculé")
    expect(page.locator("tbody").first.locator("tr").filter(has_text=NIVEAU)).to_contain_text(mesure)


def test_choisir_une_correspondance_lire_la_qualite_corriger_reessayer_puis_calculer(visiter, tmp_path):
    organisation = MissionLocale.objects.get(code=CANAL).organisation
    visite = territoire.entrer(visiter("ml"), territoire.membre(Role.COLLABORATION_STRUCTURE, organisation))
    page = visite.page
    visite.aller("/donnees/correspondances/")
    visite.regarder("correspondances-vides")
    reprendre(visite, "nom: Sans table\ntables: {inconnue: {}}\n")
    expect(page.get_by_role("alert")).to_contain_text("inconnue")
    visite.regarder("correspondance-refusee")
    for texte in (ANCIEN, IMILO):
        reprendre(visite, texte)
    expect(page.locator("tbody tr")).to_have_count(2)
    visite.regarder("correspondances")
    page.get_by_role("link", name="Ancien logiciel (fictif)", exact=True).click()
    visite.regarder("correspondance-nommee")
    fichiers = exporter(tmp_path / "canal", CANAL, LANDE, ("jeune", "jeune_etat"))

    # The wrong one is chosen: nothing is sent again, another one is taken.
    envoyer(visite, fichiers)
    page.get_by_label("Correspondance des colonnes").select_option(label="Ancien logiciel (fictif)")
    visite.regarder("deposer")
    page.get_by_role("button", name="Envoyer et contrôler").click()
    page.get_by_role("link", name="Relier les colonnes").click()
    visite.regarder("correspondance-du-depot")
    page.locator("#id_correspondance").select_option(label="I-MILO (fictif)")
    page.get_by_role("button", name="Prendre celle-ci").click()
    expect(page.get_by_role("status").first).to_contain_text("I-MILO (fictif)")
    page.get_by_role("button", name="Relancer le contrôle").click()

    # Nobody has a level: the quality says so before any figure, the column is related, the files are sent again.
    visite.regarder("controlee")
    lire_la_qualite_avant(visite, "100,0")
    visite.regarder("qualite-du-depot")
    page.get_by_role("link", name="Corriger la correspondance des colonnes").click()
    page.get_by_role("link", name="Situation personnelle du jeune").click()
    page.locator("[name=c_niveau]").select_option("Champ 12")
    page.get_by_role("button", name="Enregistrer cette table").click()
    visite.regarder("correspondance-corrigee")
    page.get_by_role("link", name="Déposer de nouveau").click()
    page.get_by_label("Fichiers", exact=False).first.set_input_files(fichiers)
    expect(page.get_by_label("Correspondance des colonnes").locator("option:checked")).to_have_text("I-MILO (fictif)")
    page.get_by_role("button", name="Envoyer et contrôler").click()
    lire_la_qualite_avant(visite, "0,0")
    page.get_by_role("link", name="Revenir au dépôt").click()
    page.get_by_role("button", name="Calculer et oublier").click()
    page.get_by_role("link", name="Lire la qualité, puis les indicateurs").click()
    expect(page.locator("#axe-1-2")).to_contain_text("Jeunes en contact")
    assert ChiffreMissionLocale.objects.exists()
    assert CorrespondanceDeSource.objects.filter(organisation=organisation).count() == 2

    page.get_by_role("link", name="Données", exact=True).first.click()
    visite.aller("/donnees/correspondances/")
    page.get_by_role("link", name="Ancien logiciel (fictif)", exact=True).click()
    page.get_by_label("Nom de l'export").fill("Parcours 3 (fictif)")
    page.get_by_role("button", name="Renommer").click()
    page.get_by_role("link", name="Parcours 3 (fictif)", exact=True).click()
    page.locator("summary", has_text="Supprimer").click()
    page.get_by_role("button", name="Confirmer la suppression").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_deposer_relier_voir_la_qualite_puis_les_indicateurs_et_comparer(visiter, tmp_path):
    organisations = {m.code: m.organisation for m in MissionLocale.objects.select_related("organisation")}
    visite = territoire.entrer(visiter("ml"), territoire.membre(Role.COLLABORATION_STRUCTURE, organisations[CANAL]))
    deposer(visite, exporter(tmp_path / "canal", CANAL, LANDE))
    visite.page.get_by_role("link", name="Lire la qualité, puis les indicateurs").click()
    # The months are closed by the last record of this mission locale; its rate has no exit yet.
    expect(visite.page.locator("#qualite h2")).to_have_text("Qualité de la saisie d’abord")
    expect(visite.page.locator("#axe-1-2")).to_contain_text("Jeunes en contact")
    visite.regarder("fiche")
    visite.page.get_by_role("link", name="Lire la qualité de la saisie, mois par mois").click()
    expect(visite.page.locator("main")).to_contain_text("2025")
    expect(visite.page.locator("main")).not_to_contain_text("Aucun n’est en vigueur")
    visite.regarder("qualite")
    visite.aller("/")
    visite.regarder("accueil")

    voisine = territoire.entrer(visiter("voisine"), territoire.membre(Role.DIRECTION_STRUCTURE, organisations[LANDE]))
    deposer(voisine, exporter(tmp_path / "lande", LANDE, CANAL))
    depot = Livraison.objects.get(prive=True, organisation=organisations[LANDE])

    agent = territoire.entrer(visiter("agent"), territoire.membre(Role.REGIONAL))
    agent.aller(depot.get_absolute_url())
    expect(agent.page.get_by_role("heading", level=1)).to_have_text("Page non trouvée")
    agent.aller("/missions-locales/comparaison/?annee=2025&indicateur=ACT01")
    lignes = agent.page.locator("tbody tr")
    expect(lignes).to_have_count(2)
    expect(lignes.nth(0)).to_contain_text("Lande")
    expect(lignes.nth(1)).to_contain_text("Canal")
    agent.regarder("comparaison")

    # The conseil départemental of Loire-Atlantique: its own mission locale alone, small counts covered, no month.
    financeur = territoire.entrer(visiter("financeur"), territoire.membre(Role.FINANCEUR))
    financeur.aller(f"/missions-locales/{LANDE}/")
    expect(financeur.page.get_by_role("heading", level=1)).to_have_text("Page non trouvée")
    financeur.aller(f"/missions-locales/{CANAL}/?annee=2025")
    expect(financeur.page.locator("#axe-1-2")).to_contain_text("s. s.")
    expect(financeur.page.locator("main")).not_to_contain_text("Lire le mois")
    financeur.regarder("fiche-masquee")
    financeur.aller(f"/missions-locales/{CANAL}/qualite/")
    expect(financeur.page.get_by_role("heading", level=1)).to_have_text("Accès refusé")
