"""Small typed Parquet records, as the import leaves them, built row by row in a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from convenir.mesure.indicateurs.calcul import Calcul, Entrees, Geographie, calculer_sans_ecrire
from convenir.mesure.indicateurs.catalogue_agregats import AgregatLu
from convenir.mesure.indicateurs.parametres import Motif, MotifLocal, ParametresAnnee, ParametresCategorie
from convenir.mesure.indicateurs.releves.lectures import COLONNES as COLONNES_LUES
from convenir.mesure.indicateurs.releves.lectures import VueLue
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from convenir.mesure.reprise import a_neuf

TYPES = {
    "DECIMAL(18,4) * 10000": pa.decimal128(18, 4),
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "VRAI": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
}
COLONNES = {**COLONNES_LUES, "ExportAnnexes": COLONNES_LUES["AnnexeFinanciere"]}
MOTIFS = {
    "3": Motif("3", "CDI", "durable"),
    "10": Motif("10", "CDD de moins de six mois", "transition"),
    "5": Motif("5", "Formation", "positive"),
    "7": Motif("7", "Au chômage", "autre"),
    "17": Motif("17", "Décès", "retrait"),
}
CATEGORIES = {
    "ACI": ParametresCategorie(Decimal(1820), 3, Decimal(1), None),
    "EI": ParametresCategorie(Decimal(1505), 3, Decimal(1), None),
    "AI": ParametresCategorie(Decimal(1607), None, None, Decimal(150)),
    "ETTI": ParametresCategorie(Decimal(1600), None, None, Decimal(150)),
    "EITI": ParametresCategorie(Decimal(1505)),
}
NOMBRES = {
    "iae.projection.niveau_confiance": Decimal(90),
    "iae.projection.mois_minimum": Decimal(6),
    "iae.alertes.seuil_realisation": Decimal(95),
    "iae.alertes.mois_sans_saisie": Decimal(2),
    "iae.alertes.ecart_sorties_points": Decimal(10),
    "iae.alertes.sorties_minimum": Decimal(10),
    "iae.alertes.jours_fin_annexe": Decimal(90),
    "iae.alertes.forte_points": Decimal(10),
    "iae.alertes.forte_jours": Decimal(30),
    "iae.alertes.baisse_personnes": Decimal(0),
    "secret.seuil": Decimal(5),
}
REGIONS = {"22": "53", "29": "53", "35": "53", "56": "53", "44": "52"}
NOMS = {"53": "Bretagne", "52": "Pays de la Loire"}


def parametres_de_test(
    annee: int, motifs: Mapping[str, Motif], locaux: tuple[MotifLocal, ...] = ()
) -> ParametresAnnee:
    return ParametresAnnee(date(annee, 12, 31), CATEGORIES, dict(MOTIFS), locaux, dict(NOMBRES))


@dataclass
class Registre:
    """Rows of each view, in the order they are added."""

    lignes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    suite: int = 0

    def numero(self) -> int:
        self.suite += 1
        return self.suite

    def ajouter(self, vue: str, **valeurs: Any) -> None:
        inconnues = set(valeurs) - set(COLONNES[vue])
        assert not inconnues, inconnues
        self.lignes.setdefault(vue, []).append(valeurs)

    def annexe(
        self,
        structure: int = 1,
        *,
        mesure: str = "ACI_DC",
        departement: str = "035",
        annee: int = 2025,
        etp: str = "10",
        identifiant: int | None = None,
        debut: date | None = None,
        fin: date | None = None,
        etat: str = "VALIDE",
        heures_etp: str | None = "1820",
        unitaire: str = "20000",
        **autres: Any,
    ) -> int:
        """Add an annexe and return its id."""
        rang = self.numero()
        cle = identifiant or 1000 + rang
        total = autres.pop("af_montant_total_annuel", Decimal(etp) * Decimal(unitaire))
        self.ajouter(
            "AnnexeFinanciere",
            **{
                "af_id_structure": structure,
                "af_mesure_dispositif_code": mesure,
                "af_numero_annexe_financiere": f"{mesure.split('_')[0]}{departement}{annee % 100:02d}{cle:04d}",
                "af_numero_avenant_renouvellement": 0,
                "af_numero_avenant_modification": 0,
                "af_id_annexe_financiere": cle,
                "af_id_avenant_modification": 5000 + rang,
                "af_etat_annexe_financiere_code": etat,
                "af_date_debut_effet": debut or date(annee, 1, 1),
                "af_date_fin_effet": fin or date(annee, 12, 31),
                "af_etp_postes_insertion": Decimal(etp),
                "af_duree_heure_annuel_etp_valeur": Decimal(heures_etp) if heures_etp else None,
                "af_montant_unitaire_annuel_valeur": Decimal(unitaire),
                "af_montant_total_annuel": total,
                **autres,
            },
        )
        return cle

    def personne(
        self, cle: str = "", *, pph: int | None = None, sexe: str = "F", naissance: str = "1990-05", **autres: Any
    ) -> int:
        """Add an employee and return the id proper to one SIAE."""
        rang = pph or 20_000 + self.numero()
        self.ajouter(
            "Salarie", salarie_id=rang, personne=cle or f"p{rang}", sexe=sexe, naissance=naissance, **autres
        )  # fmt: skip
        return rang

    def contrat(
        self,
        pph: int,
        debut: date,
        fin: date | None,
        *,
        structure: int = 1,
        mesure: str = "ACI_DC",
        motif: str | None = None,
        **autres: Any,
    ) -> int:
        """Add a contract and return its id; `fin` is the real end."""
        cle = 50_000 + self.numero()
        self.ajouter(
            "ContratMission",
            **{
                "contrat_id_structure": structure,
                "contrat_mesure_disp_code": mesure,
                "contrat_id_pph": pph,
                "contrat_id_ctr": cle,
                "contrat_date_embauche": debut,
                "contrat_date_fin_contrat": fin,
                "contrat_date_sortie_definitive": fin,
                "contrat_motif_sortie_code": motif,
                **autres,
            },
        )
        return cle

    def mois(
        self, annexe: int, pph: int, ctr: int, annee: int, mois: int, heures: str | int = 100, *, version: int = 1
    ) -> None:
        """Add a monthly state."""
        self.ajouter(
            "EtatMensuelIndiv",
            emi_afi_id=annexe,
            emi_sme_mois=mois,
            emi_sme_annee=annee,
            emi_sme_version=version,
            emi_pph_id=pph,
            emi_ctr_id=ctr,
            emi_nb_heures_travail=Decimal(heures),
            emi_dsm_id=90_000 + self.numero(),
        )

    def ecrire(self, dossier: Path, vues: tuple[str, ...] = ()) -> dict[str, VueLue]:
        """Write the views (empty ones asked for by `vues` too) and return where they are."""
        lues = {}
        for vue in {*self.lignes, *vues}:
            noms = {c for ligne in self.lignes.get(vue, []) for c in ligne} or set(COLONNES[vue])
            schema = pa.schema([(c, TYPES[t]) for c, t in COLONNES[vue].items() if c in noms])
            chemin = dossier / f"{vue}.parquet"
            pq.write_table(pa.Table.from_pylist(self.lignes.get(vue, []), schema=schema), chemin)
            lues[vue] = VueLue(vue, str(chemin), f"fluxIAE_{vue}.csv.gz", "a" * 64)
        return lues

    def calculer(
        self,
        dossier: Path,
        *annees: int,
        extraction: date | None = None,
        vues: tuple[str, ...] = ("ContratMission", "EtatMensuelIndiv", "Salarie", "Formations"),
        locaux: tuple[MotifLocal, ...] = (),
        agregats: tuple[AgregatLu, ...] = (),
    ) -> Calcul:
        """Compute without any database."""
        entrees = Entrees(
            self.ecrire(dossier, vues),
            Geographie(REGIONS, NOMS),
            lambda annee, motifs: parametres_de_test(annee, motifs, locaux),
            extraction,
            agregats=agregats,
        )
        return a_neuf(lambda fils: calculer_sans_ecrire(annees or (2025,), entrees, fils=fils))


def lire(calcul: Calcul, niveau: str, code: str) -> Valeurs:
    """Return the values of one territory of a calculation."""
    lignes = calcul.base.execute(
        "SELECT indicateur, ventilation, modalite, periode, numerateur, denominateur, valeur, statut, exclus "
        "FROM valeurs WHERE niveau = ? AND code = ?",
        [niveau, code],
    ).fetchall()
    return Valeurs.de(
        niveau,
        code,
        [
            Valeur(*ligne[:4], *(None if x is None else Decimal(x) for x in ligne[4:7]), ligne[7], exclus=ligne[8],
                   unite=calcul.catalogue.indicateurs[ligne[0]].unite)
            for ligne in lignes
        ],
    )  # fmt: skip
