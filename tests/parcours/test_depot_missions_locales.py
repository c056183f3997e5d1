"""A mission locale deposits files whose headers are its own, relates them, computes and forgets; the others read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.donnees.models import Livraison
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale
from tests.factories_socle import MissionLocaleFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
CANAL, LANDE = "ML04401", "ML08501"
ENTETES = {"jeune_id": "N° dossier", "sexe": "Champ 4", "naissance_mois": "Date de naissance"}


@pytest.fixture(autouse=True)
def reseau(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    territoire.poser_la_geographie()
    for code, nom, departement in ((CANAL, "Mission locale du Canal (fictif)", "44"),
                                   (LANDE, "Mission locale de la Lande (fictif)", "85")):  # fmt: skip
        MissionLocaleFactory(code=code, nom=nom, departement_id=departement)


def exporter(dossier: Path, sienne: str, autre: str) -> list[str]:
    """Write the files of one mission locale, its youths under headers of its own."""
    generer_mini_ml(dossier)
    for fichier in dossier.glob("*.csv"):
        lignes = fichier.read_text("utf-8").splitlines(keepends=True)
        fichier.write_text("".join(x for x in lignes if autre not in x), "utf-8")
    contenu = (dossier / "jeune.csv").read_text("utf-8")
    entete, _, suite = contenu.partition("\n")
    colonnes = [ENTETES.get(c, c) for c in entete.split(",")]
    (dossier / "jeune.csv").unlink()
    (dossier / "export_dossiers.csv").write_text(",".join(colonnes) + "\n" + suite, "utf-8")
    return [str(f) for f in sorted(dossier.iterdir())]


def deposer(visite, fichiers: list[str]) -> None:
    """Deposit from the menu, relate the youths, control again, compute and forget."""
    page = visite.page
    # Tasks run inside the request: a control and a whole calculation, on a machine that does other things.
    page.set_default_timeout(90_000)
    page.get_by_role("link", name="Données", exact=True).first.click()
    visite.aller("/donnees/deposer/")
    page.get_by_label("Fichiers", exact=False).first.set_input_files(fichiers)
    page.get_by_role("button", name="Envoyer et contrôler").click()
    page.get_by_role("link", name="Relier les colonnes").click()
    expect(page.locator("main")).to_contain_text("export_dossiers.csv")
    visite.regarder("correspondance")
    page.get_by_role("link", name="Dossiers : une ligne par jeune").click()
    # A header close to the format is proposed; the other is chosen by hand.
    expect(page.locator("[name=c_jeune_id]")).to_have_value("N° dossier")
    expect(page.locator("[name=c_sexe]")).to_have_value("")
    page.locator("[name=c_sexe]").select_option("Champ 4")
    visite.regarder("relier")
    page.get_by_role("button", name="Enregistrer cette table").click()
    page.get_by_role("button", name="Relancer le contrôle").click()
    visite.regarder("rapport")
    page.get_by_role("button", name="Calculer et oublier").click()
    visite.regarder("oubliee")


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
