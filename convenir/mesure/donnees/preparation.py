"""From the files as received to a folder ready to be put in force: reception, control, records, manifest."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from convenir.mesure.donnees import moteur_ml, parametres, queries
from convenir.mesure.donnees.controle.livraison import Progression, ResultatControle, controler
from convenir.mesure.donnees.controle.vue import Entree
from convenir.mesure.donnees.correspondances import AUCUNE, Correspondance
from convenir.mesure.donnees.fichiers import FichierDecrit, FichierRecept, ReceptionFaite
from convenir.mesure.donnees.formats import (
    VUE_AGREGATS,
    Vue,
    tables_missions_locales,
    vue_agregats_ml,
    vues_fluxiae,
)
from convenir.mesure.donnees.models import SOURCES_ML, Source
from convenir.mesure.donnees.reception import receptionner
from convenir.mesure.donnees.reception.anomalies import Anomalie
from convenir.mesure.donnees.reception.genres import FLUXIAE
from convenir.mesure.donnees.reception.missions_locales import GenreMissionsLocales
from convenir.mesure.donnees.sources import detecter, receptionner_agregat
from convenir.mesure.donnees.sources.formats import vues_agregees
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.territoires.models import Departement

MANIFESTE = "manifeste.json"


@dataclass(frozen=True)
class Lecture:
    """How a person says that a deposit is to be read.

    Attributes:
        source: kind of deposit, when it is not to be told from the content.
        mot_de_passe: of the archive, never stored.
        encodage: of the files, when they are not in UTF-8.
        correspondance: of the columns, for the missions locales.
    """

    source: Source | None = None
    mot_de_passe: str | None = None
    encodage: str | None = None
    correspondance: Correspondance = AUCUNE


@dataclass
class Fichier:
    """A file of a prepared delivery, as the database will know it."""

    nom: str
    vue: str
    sha256_recu: str
    sha256_copie: str = ""
    lignes_lues: int = 0
    acceptees: int = 0
    quarantaine: int = 0
    doublons: int = 0
    date_extraction: str | None = None
    colonnes: list[str] = field(default_factory=list)
    conserve: bool = True


@dataclass
class Preparation:
    """A delivery controlled and written aside, not in force yet."""

    dossier: Path
    source: str
    nom: str
    empreinte: str
    fichiers: list[Fichier]
    decrites: list[dict[str, Any]]
    absentes: list[str]
    sans_fin: list[str]
    organisation_id: int | None = None
    controle: ResultatControle | None = None

    @property
    def date_extraction(self) -> datetime | None:
        """Latest extraction date of the files."""
        dates = [datetime.fromisoformat(f.date_extraction) for f in self.fichiers if f.date_extraction]
        return max(dates, default=None)

    @property
    def vues(self) -> set[str]:
        """Views whose records are in the folder."""
        return {f.vue for f in self.fichiers if f.conserve}

    def motif(self, vue: str) -> str:
        """Return the Parquet pattern of the records of a view."""
        return str(self.dossier / vue / "enregistrements" / "**" / "*.parquet")

    def ecrire_manifeste(self) -> None:
        """Write what another process needs to put the delivery in force."""
        contenu = {k: v for k, v in self.__dict__.items() if k not in ("dossier", "controle", "fichiers")}
        contenu["fichiers"] = [asdict(f) for f in self.fichiers]
        (self.dossier / MANIFESTE).write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def lire(cls, dossier: Path) -> Preparation:
        """Read back a prepared delivery.

        Raises:
            FileNotFoundError: if the folder is gone.
        """
        contenu = json.loads((dossier / MANIFESTE).read_text(encoding="utf-8"))
        contenu["fichiers"] = [Fichier(**f) for f in contenu["fichiers"]]
        return cls(dossier=dossier, **contenu)


def recevoir(
    chemin: Path, dossier: Path, lecture: Lecture, progression: Progression | None = None
) -> tuple[Source, ReceptionFaite]:
    """Read the files once and write their copies, without any identity, under `dossier`.

    Raises:
        LivraisonRefusee: with every reason found.
    """
    source = lecture.source or detecter(chemin)
    if source is not Source.FLUXIAE and source not in SOURCES_ML:
        return source, receptionner_agregat(chemin, dossier, source, encodage=lecture.encodage)
    recue = receptionner(
        chemin,
        dossier,
        cle=settings.CLE_PSEUDONYMES,
        mot_de_passe=lecture.mot_de_passe,
        encodage=lecture.encodage,
        taille_max=settings.LIVRAISON_TAILLE_MAX,
        progression=(lambda nom, part: progression(f"Lecture de {nom}", int(60 * part))) if progression else None,
        genre=FLUXIAE if source is Source.FLUXIAE else GenreMissionsLocales(lecture.correspondance),
    )
    if source in SOURCES_ML:
        source = Source.AGREGATS_ML if VUE_AGREGATS in recue.vues else Source.MISSIONS_LOCALES
    return source, ReceptionFaite(dict(recue.vues), recue.decrites, recue.anomalies, recue.absentes)


def empreinte_de(recue: ReceptionFaite, correspondance: Correspondance = AUCUNE) -> str:
    """Return the digest of the set of received files, whatever their order and container, and of how they are read."""
    sommes = sorted({f.sha256_recu for f in recue.vues.values()} | {d.sha256_recu for d in recue.decrites})
    if correspondance.tables:
        # Its name apart: the same files read the same way are the same delivery.
        sommes.append(json.dumps(correspondance.en_donnees()["tables"], ensure_ascii=False, sort_keys=True))
    return hashlib.sha256("\n".join(sommes).encode()).hexdigest()


def formats_de(source: Source | str) -> Mapping[str, Vue]:
    """Return the views of a source by name."""
    if source in SOURCES_ML:
        return {**tables_missions_locales(), VUE_AGREGATS: vue_agregats_ml()}
    return vues_fluxiae() if source == Source.FLUXIAE else vues_agregees()


def controler_reception(
    chemin: Path,
    dossier: Path,
    source: Source,
    recue: ReceptionFaite,
    lecture: Lecture,
    progression: Progression | None = None,
    organisation_id: int | None = None,
) -> Preparation:
    """Control what was received and write its records; the folder is then ready to be put in force."""
    formats, listes = formats_de(source), _listes(source)
    entrees = [_entree(formats[vue], f, listes) for vue, f in recue.vues.items() if formats[vue].conservee]
    courantes = {} if source in SOURCES_ML else queries.sources_courantes()
    vue_de = {fichier.nom: vue for vue, fichier in recue.vues.items()}
    controle = controler(
        entrees,
        dossier,
        entrepot=dossier_entrepot(),
        en_vigueur={vue: courante.relation for vue, courante in courantes.items()},
        motifs=parametres.codes_des_motifs(),
        deja=[_deja(a, vue_de) for a in recue.anomalies],
        progression=(lambda etape, part: progression(etape, 60 + 35 * part // 100)) if progression else None,
    )
    preparation = Preparation(
        dossier=dossier,
        source=str(source),
        nom=chemin.name,
        empreinte=empreinte_de(recue, lecture.correspondance),
        fichiers=[*_fichiers(recue.vues, controle), *(_decrit(d) for d in recue.decrites)],
        decrites=[{"fichier": d.nom, "vue": d.vue, "lignes": d.lignes} for d in recue.decrites],
        absentes=sorted(recue.absentes),
        sans_fin=sorted(
            [f.nom for f in recue.vues.values() if f.sans_fin] + [d.nom for d in recue.decrites if d.sans_fin]
        ),
        organisation_id=organisation_id,
        controle=controle,
    )
    shutil.rmtree(dossier / ".debordement", ignore_errors=True)
    preparation.ecrire_manifeste()
    return preparation


def _entree(vue: Vue, fichier: FichierRecept, listes: Mapping[str, Collection[str]]) -> Entree:
    return Entree(vue, fichier.nom, fichier.chemin_copie, tuple(fichier.colonnes), fichier.lignes_ecartees, listes)


def _listes(source: Source) -> dict[str, Collection[str]]:
    """Return the codes known elsewhere that the control of a source needs."""
    if source is Source.MISSIONS_LOCALES:
        return {"departements": frozenset(Departement.objects.values_list("code", flat=True))}
    if source is Source.AGREGATS_ML:
        connues = frozenset(MissionLocale.objects.values_list("code", flat=True))
        return {**moteur_ml.codes().__dict__, "missions_locales": connues}
    return {}


def _deja(anomalie: Anomalie, vue_de: Mapping[str, str]) -> dict[str, object]:
    return {
        "vue": vue_de.get(anomalie.fichier, ""), "fichier": anomalie.fichier, "ligne": anomalie.ligne,
        "colonne": anomalie.colonne, "valeur": anomalie.valeur, "message": phrase(anomalie.message),
        "gravite": str(anomalie.gravite),
    }  # fmt: skip


def phrase(message: str) -> str:
    """Return a message as a sentence: a capital, a full stop."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "…", "!", "?")) else ".")


def _fichiers(vues: Mapping[str, FichierRecept], controle: ResultatControle) -> Iterable[Fichier]:
    for vue, recu in sorted(vues.items()):
        compte = controle.comptes[vue]
        yield Fichier(
            nom=recu.nom, vue=vue, sha256_recu=recu.sha256_recu, sha256_copie=recu.sha256_copie,
            lignes_lues=compte.lues, acceptees=compte.acceptees, quarantaine=compte.quarantaine,
            doublons=compte.doublons, colonnes=list(recu.colonnes),
            date_extraction=recu.date_extraction.isoformat() if recu.date_extraction else None,
        )  # fmt: skip


def _decrit(decrite: FichierDecrit) -> Fichier:
    return Fichier(
        nom=decrite.nom, vue=decrite.vue, sha256_recu=decrite.sha256_recu, lignes_lues=decrite.lignes, conserve=False
    )
