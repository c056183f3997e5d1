"""The small territory of the journeys: two départements, five structures, one delivery applied, its indicators."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.generateur.fautes import en_archive
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, generer_mini
from convenir.mesure.donnees.generateur.mini_monde import MONDE_MINI, MondeMini
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Organisation, Structure
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory, organisation_pour
from tests.factories_socle import CommuneFactory, DepartementFactory, RegionFactory
from tests.parcours.conftest import Visite

LIEUX = (("44", "Loire-Atlantique", "44109", "Nantes"), ("85", "Vendée", "85191", "La Roche-sur-Yon"))


def poser_la_geographie() -> None:
    """Create the two départements of the tiny delivery."""
    region = RegionFactory(code="52", nom="Pays de la Loire", complement="des Pays de la Loire")
    for code, nom, insee, commune in LIEUX:
        CommuneFactory(code=insee, nom=commune, departement=DepartementFactory(code=code, nom=nom, region=region))


def charger(dossier: Path, monde: MondeMini = MONDE_MINI) -> None:
    """Apply the tiny delivery through the real importer; the indicators follow, as background tasks run at once."""
    poser_la_geographie()
    generer_mini(dossier, monde=monde)
    rapport = actions.appliquer(dossier, Acteur.systeme("Parcours"))
    assert not rapport.refus, rapport.refus


def seulement(monde: MondeMini, *ids: int) -> MondeMini:
    """Return the tiny world reduced to some structures."""
    salaries = tuple(s for s in monde.salaries if s.id_asp in ids)
    contrats = tuple(c for c in monde.contrats if c.salarie_id in {s.salarie_id for s in salaries})
    connus = {c.id_contrat for c in contrats}
    return replace(
        monde,
        structures=tuple(s for s in monde.structures if s.id_asp in ids),
        annexes=tuple(a for a in monde.annexes if a.id_asp in ids),
        salaries=salaries,
        contrats=contrats,
        mois=tuple(m for m in monde.mois if m.id_contrat in connus),
        formations=tuple(f for f in monde.formations if f[0] in connus),
    )


def loire_atlantique() -> MondeMini:
    """Return the tiny world without Vendée."""
    return seulement(MONDE_MINI, 100001, 100002, 100003, 100004)


def livraison_suivante(dossier: Path, *ids: int, faute: object = None) -> Path:
    """Write the delivery of the week after, for some structures only, packed as the ASP does."""
    generer_mini(dossier, monde=seulement(MONDE_MINI, *ids), extraction=EXTRACTION_MINI + timedelta(days=7))
    if callable(faute):
        faute(dossier)
    return en_archive(dossier, f"{dossier.name}.tar.gz")


def structure(id_asp: int, categorie: str) -> Structure:
    """Return a structure of the tiny delivery."""
    return Structure.objects.get(id_asp=id_asp, categorie=categorie)


def membre(role: Role, organisation: Organisation | None = None, de: Structure | None = None) -> Adhesion:
    """Create a person with a password, holding a role in an organisation that suits it."""
    if organisation is None:
        departement = Departement.objects.get(code="44")
        organisation = organisation_pour(role, departement, de or Structure(departement=departement))
    utilisateur = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    return AdhesionFactory(utilisateur=utilisateur, organisation=organisation, role=role)


def entrer(visite: Visite, adhesion: Adhesion) -> Visite:
    """Log this person in and return the visit."""
    visite.connecter(adhesion.utilisateur.email, MOT_DE_PASSE)
    visite.page.get_by_role("heading", level=1, name="À faire").wait_for()
    return visite


def envoyer(visite: Visite, *chemins: Path) -> None:
    """Deposit files with the form."""
    visite.aller("/donnees/deposer/")
    visite.page.get_by_label("Fichiers").first.set_input_files([str(c) for c in chemins])
    visite.page.get_by_role("button", name="Envoyer et contrôler").click()
