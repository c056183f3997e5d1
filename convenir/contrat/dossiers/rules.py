"""Rules of the file: completeness, pieces due, contents of a file sent, delays, what may still be changed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from convenir.contrat.dossiers.referentiel import Champ, Section, TypeDePiece
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import enumeration, jour, lire_nombre, nombre
from convenir.socle.commun.identifiants import siret_valide
from convenir.socle.commun.periodes import ajouter_mois

TEXTE_MAX = 20_000
A_CONFIRMER = "à confirmer"


@dataclass(frozen=True)
class Manque:
    """Something the file still lacks: a question without answer, a figure not confirmed, a piece not joined."""

    section: str
    code: str
    libelle: str
    raison: str


@dataclass(frozen=True)
class Completude:
    """What is there out of what is due, and what is lacking, in the order of the file."""

    faits: int
    attendus: int
    manques: tuple[Manque, ...]

    @property
    def est_complet(self) -> bool:
        """Whether nothing is lacking."""
        return not self.manques

    def de_la_section(self, code: str) -> tuple[Manque, ...]:
        """Return what a section lacks."""
        return tuple(m for m in self.manques if m.section == code)


@dataclass(frozen=True)
class ReponseLue:
    """An answer as completeness reads it; a pre-filled one counts once the structure has confirmed it."""

    valeur: str
    a_confirmer: bool = False


def completude(
    sections: Iterable[Section],
    reponses: Mapping[str, ReponseLue],
    pieces_dues: Iterable[TypeDePiece],
    pieces_jointes: Collection[str],
) -> Completude:
    """Say what a file holds and lacks; an optional question never lacks."""
    manques: list[Manque] = []
    attendus = 0
    for section in sections:
        for champ in section.champs:
            if champ.facultatif:
                continue
            attendus += 1
            if raison := _ce_qui_manque(reponses.get(champ.code)):
                manques.append(Manque(section.code, champ.code, champ.libelle, raison))
    for piece in pieces_dues:
        attendus += 1
        if piece.code not in pieces_jointes:
            manques.append(Manque("pieces", piece.code, piece.libelle, "à joindre"))
    return Completude(attendus - len(manques), attendus, tuple(manques))


def _ce_qui_manque(reponse: ReponseLue | None) -> str:
    if reponse is None or not reponse.valeur.strip():
        return "à remplir"
    return A_CONFIRMER if reponse.a_confirmer else ""


def pieces_dues(types: Iterable[TypeDePiece], forme: str, *, premiere: bool, le_jour: date) -> tuple[TypeDePiece, ...]:
    """Return the pieces a body of this legal form must join on a day.

    Args:
        forme: code of a legal form; when it is not known yet, only what every form joins is due.
        premiere: whether this is the first application of the structure.
    """
    dues = []
    for t in types:
        en_vigueur = t.debut <= le_jour and (t.fin is None or le_jour <= t.fin)
        a_temps = t.quand == "toujours" or premiere == (t.quand == "premiere")
        if en_vigueur and a_temps and forme in t.formes and not t.facultatif:
            dues.append(t)
    return tuple(dues)


def lire_reponse(champ: Champ, texte: str) -> str:
    """Return the kept form of an answer: numbers with a point, texts trimmed; empty stays empty.

    Raises:
        EntreeInvalide: naming the question and the way out.
    """
    texte = texte.replace("\r\n", "\n").strip()
    if len(texte) > TEXTE_MAX:
        raise EntreeInvalide(f"« {champ.libelle} » dépasse {nombre(TEXTE_MAX)} signes. Joignez plutôt une pièce.")
    if not texte or champ.type in ("texte", "court"):
        return texte
    return _LECTEURS[champ.type](champ, texte)


def _entier(champ: Champ, texte: str) -> str:
    valeur = _decimal(champ, texte)
    if Decimal(valeur) != int(Decimal(valeur)):
        raise EntreeInvalide(f"« {champ.libelle} » : donnez un nombre entier, comme 12.")
    return str(int(Decimal(valeur)))


def _decimal(champ: Champ, texte: str) -> str:
    try:
        valeur = lire_nombre(texte)
    except ValueError as erreur:
        raise EntreeInvalide(f"« {champ.libelle} » : {erreur}") from erreur
    if valeur < 0:
        raise EntreeInvalide(f"« {champ.libelle} » : donnez un nombre positif.")
    return str(valeur)


def _oui_non(champ: Champ, texte: str) -> str:
    if texte not in ("oui", "non"):
        raise EntreeInvalide(f"« {champ.libelle} » : répondez par oui ou par non.")
    return texte


def _choix(champ: Champ, texte: str) -> str:
    if texte not in dict(champ.choix):
        raise EntreeInvalide(f"« {champ.libelle} » : choisissez dans la liste.")
    return texte


def _siret(_champ: Champ, texte: str) -> str:
    net = "".join(texte.split())
    if not siret_valide(net):
        raise EntreeInvalide(
            f"« {texte} » n'est pas un SIRET : quatorze chiffres dont le dernier contrôle les autres."
        )
    return net


_LECTEURS = {
    "entier": _entier, "decimal": _decimal, "montant": _decimal, "oui_non": _oui_non, "choix": _choix, "siret": _siret,
}  # fmt: skip


def lisible(champ: Champ, valeur: str) -> str:
    """Write a kept answer as people read it: « Oui », the words of a choice, « 18,56 », « 100 000 »."""
    if champ.type == "oui_non":
        return valeur.capitalize()
    if champ.type in ("entier", "decimal", "montant") and valeur:
        lu = Decimal(valeur)
        return nombre(lu, max(0, -int(lu.normalize().as_tuple().exponent)))
    return dict(champ.choix).get(valeur, valeur)


def date_limite_instruction(complet_le: date, mois: int) -> date:
    """Return the last day on which the State answers, `mois` months after the file (same day of the month)."""
    return ajouter_mois(complet_le, mois)


def depot_tardif(depose_le: date, annee: int, trimestre: int) -> bool:
    """Tell whether a file for `annee` came after the last day of the quarter of the year before."""
    if depose_le.year >= annee:
        return True
    return depose_le.year == annee - 1 and (depose_le.month - 1) // 3 + 1 > trimestre


def verifier_echeance(echeance: date, aujourdhui: date, jours_minimum: int) -> None:
    """Refuse a deadline too near for the structure to answer.

    Raises:
        EntreeInvalide: naming the first day allowed.
    """
    premier = aujourdhui + timedelta(days=jours_minimum)
    if echeance < premier:
        raise EntreeInvalide(f"Laissez au moins {jours_minimum} jours : le {jour(premier)} au plus tôt.")


def refus_de_rejeter(echeances: Iterable[date], aujourdhui: date) -> str:
    """Say why a file may not be rejected for missing pieces, or nothing: asked for, not given, deadline passed."""
    restantes = list(echeances)
    if not restantes:
        return (
            "Aucune pièce demandée ne manque : un dossier ne se rejette que pour des pièces demandées et non fournies."
        )
    if (derniere := max(restantes)) >= aujourdhui:
        return f"La structure a jusqu'au {jour(derniere)} pour fournir ses pièces. Le rejet est possible ensuite."
    return ""


def champs_ouverts(*, en_redaction: bool, tous: Iterable[str], rouverts: Iterable[str]) -> frozenset[str]:
    """Return the questions the structure may change: all while it writes, else those a comment has reopened."""
    return frozenset(tous) if en_redaction else frozenset(tous) & frozenset(rouverts)


def projection(sections: Iterable[Section], financeur: str) -> tuple[Section, ...]:
    """Return the sections that go to a kind of funder."""
    return tuple(s for s in sections if financeur in s.pour)


def formats_en_mots(formats: Iterable[str]) -> str:
    """Write formats: « PDF, DOCX ou ODT »."""
    return enumeration([f.upper() for f in formats], "ou")
