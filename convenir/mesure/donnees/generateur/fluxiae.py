"""An invented FluxIAE delivery, for a region or the whole country."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.generateur import rendu, vues_mensuelles, vues_personnes, vues_structures
from convenir.mesure.donnees.generateur.ecriture import FichierFluxIAE, ecrire_lignes
from convenir.mesure.donnees.generateur.fautes_semees import Semeur
from convenir.mesure.donnees.generateur.lot import Demande, Lot, preparer, tirer_lot
from convenir.mesure.donnees.generateur.monde import Compteurs
from convenir.mesure.donnees.generateur.referentiels import lignes_des_referentiels
from convenir.mesure.donnees.generateur.sorties import MOTIF_INCONNU
from convenir.mesure.donnees.generateur.verite import Verite, ecrire_verite, verites
from convenir.socle.commun.francais import jour, nombre

VUES = (
    "Structure", "AnnexeFinanciere", "Salarie", "ContratMission", "EtatMensuelIndiv", "Missions",
    "MissionsEtatMensuelIndiv", "Formations", "Accompagnement", "MarchesPublics",
)  # fmt: skip
FAUTES, VERITE = "fautes.json", "verite.csv"
Progression = Callable[[int, int, str], None]


@dataclass(frozen=True)
class ResumeGeneration:
    """What was written; every value is plain, so that `asdict` gives JSON."""

    dossier: str
    extraction: str
    annees: list[int]
    jusquau: str
    siae: int
    structures: int
    lignes: dict[str, int]
    fautes: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in French."""
        vues = "\n".join(f"  {vue} : {nombre(compte)} lignes" for vue, compte in self.lignes.items())
        fin = jour(date.fromisoformat(self.jusquau))
        return (
            f"Livraison inventée écrite dans {self.dossier} : {nombre(self.siae)} SIAE, "
            f"années {self.annees[0]} à {self.annees[-1]}, rien après le {fin}.\n{vues}\n"
            f"  {nombre(sum(self.fautes.values()))} fautes semées, décrites dans {FAUTES}."
        )


def generer_fluxiae(
    sortie: Path, *, region: str | None = None, france: bool = False, annees: Sequence[int] = (2023, 2024, 2025),
    erreurs: float = 0.01, graine: int = 1, jusquau: date | None = None, progression: Progression | None = None,
    siae: int | None = None,
) -> ResumeGeneration:  # fmt: skip
    """Write an invented delivery into a folder: same arguments, same bytes.

    Beside the files of the ASP, `fautes.json` lists the planted faults and `verite.csv` the totals to be found again.

    Args:
        sortie: folder, created if absent.
        region: code or name of a region; Pays de la Loire when neither it nor `france` is given.
        france: the whole country.
        annees: years that follow one another.
        erreurs: share of faulty rows added, from 0 to 1.
        graine: seed.
        jusquau: last day known; by default the last day of the last year, or of the last closed month.
        progression: called before each département with its rank, their number, its name.
        siae: number of (structure, category) pairs, instead of that of the population.

    Raises:
        EntreeInvalide: an argument is wrong; the message says which and how to mend it.
    """
    demande = preparer(
        region=region, france=france, annees=annees, erreurs=erreurs, graine=graine, jusquau=jusquau, siae=siae
    )
    sortie.mkdir(parents=True, exist_ok=True)
    with ExitStack() as pile:
        fichiers = {vue: pile.enter_context(FichierFluxIAE(sortie, vue, demande.extraction)) for vue in VUES}
        redaction = Redaction(demande, fichiers, Semeur(erreurs, graine), progression)
        ecrire_verite(sortie / VERITE, redaction.ecrire())
    referentiels = lignes_des_referentiels(demande.extraction.date())
    ecrire_lignes(sortie, referentiels, demande.extraction)
    lignes = {vue: f.lignes for vue, f in fichiers.items()} | {v: len(contenu) for v, contenu in referentiels.items()}
    return redaction.conclure(sortie, lignes)


class Redaction:
    """Writes the départements one after another; nothing of a département is kept once written."""

    def __init__(
        self, demande: Demande, fichiers: dict[str, FichierFluxIAE], semeur: Semeur, progression: Progression | None
    ) -> None:
        self.demande, self.fichiers, self.semeur = demande, fichiers, semeur
        self.progression = progression
        self.compteurs = Compteurs()
        self.siae = self.structures = 0

    def ecrire(self) -> Iterator[Verite]:
        """Write every département and yield the totals to be found again."""
        servis = [(d, n) for d, n in self.demande.departements if n]
        for rang, (departement, siae) in enumerate(servis, start=1):
            if self.progression:
                self.progression(rang, len(servis), departement.nom)
            lot = tirer_lot(self.demande, departement, siae, self.compteurs)
            self._ecrire_structures(lot)
            self._ecrire_personnes(lot)
            self.siae += len({(u.structure.id_asp, u.categorie) for u in lot.monde.unites})
            self.structures += len(lot.monde.structures)
            yield from verites(lot)

    def conclure(self, sortie: Path, lignes: dict[str, int]) -> ResumeGeneration:
        """Write the list of planted faults and sum up."""
        fautes = [asdict(faute) for faute in self.semeur.semees]
        texte = json.dumps(fautes, ensure_ascii=False, indent=0)
        (sortie / FAUTES).write_text(texte + "\n", encoding="utf-8")
        return ResumeGeneration(
            dossier=str(sortie),
            extraction=self.demande.extraction.isoformat(),
            annees=list(self.demande.annees),
            jusquau=self.demande.jusquau.isoformat(),
            siae=self.siae,
            structures=self.structures,
            lignes=lignes,
            fautes=dict(sorted(Counter(faute.genre for faute in self.semeur.semees).items())),
        )

    def _lignes(self, vue: str, lignes: list[vues_structures.Ligne]) -> None:
        """Write rows made one by one, then plant faults among them."""
        fichier = self.fichiers[vue]
        valeurs: dict[str, rendu.Colonne] = {
            nom: pa.array([_texte(ligne.get(nom, "")) for ligne in lignes], type=pa.string())
            for nom in fichier.colonnes
            if any(nom in ligne for ligne in lignes)
        }
        self.semeur.semer(fichier, rendu.ecrire(fichier, valeurs, len(lignes)))

    def _ecrire_structures(self, lot: Lot) -> None:
        d, rng = lot.monde.departement, lot.rng
        fiches = lot.monde.structures + lot.monde.sans_annexe
        self._lignes("Structure", [vues_structures.ligne_structure(rng, s, d) for s in fiches])
        annexes = [ligne for a in lot.annexes for ligne in vues_structures.lignes_annexe(rng, a, d)]
        self._lignes("AnnexeFinanciere", annexes + [vues_structures.ligne_fdi(rng, a) for a in lot.fdi])
        premier = self.compteurs.accompagnement
        self.compteurs.accompagnement += len(lot.annexes)
        self._lignes(
            "Accompagnement",
            [vues_structures.ligne_accompagnement(rng, a, premier + rang) for rang, a in enumerate(lot.annexes)],
        )
        marches = [vues_structures.ligne_marches(rng, a) for a in lot.annexes if vues_structures.a_des_marches(rng)]
        self._lignes("MarchesPublics", marches)

    def _ecrire_personnes(self, lot: Lot) -> None:
        ids = vues_personnes.id_salaries(lot, self.compteurs.salarie)
        self._vue("Salarie", *vues_personnes.colonnes_salarie(lot, ids))
        contrat, mensuel = self.compteurs.contrat, self.compteurs.mensuel
        self._contrats(lot, ids, contrat)
        self._mensuel(lot, ids, contrat, mensuel)
        self._missions(lot, contrat, mensuel)
        formations, nombre_formations = vues_personnes.colonnes_formation(lot, contrat, self.compteurs.formation)
        self._vue("Formations", formations, nombre_formations)
        self.compteurs.formation += nombre_formations
        self.compteurs.mensuel += len(lot.mensuel)
        vues_personnes.compter(lot, ids, self.compteurs)

    def _vue(self, vue: str, valeurs: dict[str, rendu.Colonne], lignes: int) -> None:
        fichier = self.fichiers[vue]
        self.semeur.semer(fichier, rendu.ecrire(fichier, valeurs, lignes))

    def _contrats(self, lot: Lot, ids: np.ndarray, premier: int) -> None:
        fichier = self.fichiers["ContratMission"]
        inconnus = np.flatnonzero(lot.contrats.dernier & (lot.motifs[lot.contrats.sejour] == MOTIF_INCONNU))
        self.semeur.noter_motifs(fichier, "contrat_motif_sortie_code", MOTIF_INCONNU, inconnus, fichier.ligne_suivante)
        self._vue(fichier.vue, vues_personnes.colonnes_contrat(lot, ids, premier), len(lot.contrats))

    def _mensuel(self, lot: Lot, ids: np.ndarray, contrat: int, premier: int) -> None:
        fichier = self.fichiers["EtatMensuelIndiv"]
        sejour = lot.contrats.sejour[lot.mensuel.contrat]
        sorties = vues_mensuelles.sort_ce_mois(lot, sejour, lot.mois[lot.mensuel.colonne])
        inconnus = np.flatnonzero(sorties & (lot.motifs[sejour] == MOTIF_INCONNU))
        self.semeur.noter_motifs(fichier, "emi_motif_sortie_code", MOTIF_INCONNU, inconnus, fichier.ligne_suivante)
        self._vue(fichier.vue, vues_mensuelles.colonnes_mensuel(lot, ids, contrat, premier), len(lot.mensuel))

    def _missions(self, lot: Lot, contrat: int, mensuel: int) -> None:
        choisis, premier = vues_mensuelles.contrats_a_mission(lot), self.compteurs.mission
        self._vue("Missions", vues_mensuelles.colonnes_mission(lot, choisis, contrat, premier), len(choisis))
        liens, nombre_liens = vues_mensuelles.colonnes_lien(lot, choisis, mensuel, premier)
        self._vue("MissionsEtatMensuelIndiv", liens, nombre_liens)
        self.compteurs.mission += len(choisis)


def _texte(valeur: object) -> str:
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    return str(valeur)
