"""The words of a grouped mail: what awaits the person first, then what happened, structure by structure. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from convenir.socle.commun.francais import enumeration, pluriel
from convenir.socle.taches.genres import genre
from convenir.socle.taches.models import Notification

# Au-delà, le courriel compte le reste et mène à la page : il se lit encore d'un coup d'œil.
MONTREES = 40
NOMMEES = 2
SEPARATEUR = " : "


@dataclass
class Page:
    """The facts that lead to one page, written above its address once."""

    url: str
    faits: list[str] = field(default_factory=list)


@dataclass
class Sujet:
    """A structure, or nothing for a fact that names none, and its pages."""

    nom: str
    pages: list[Page] = field(default_factory=list)


@dataclass(frozen=True)
class Partie:
    """What awaits the person in an organisation, or what happened there."""

    titre: str
    sujets: list[Sujet]


def sujet(siennes: Sequence[Notification]) -> str:
    """Return the subject of the mail: the fact when it is alone, else how many await the person, and about whom."""
    if len(siennes) == 1:
        return f"Convenir : {siennes[0].libelle}"[:150]
    a_faire = sum(_attend(n) for n in siennes)
    dits = [pluriel(a_faire, "point vous attend", "points vous attendent")] if a_faire else []
    if reste := len(siennes) - a_faire:
        dits.append(pluriel(reste, "nouvelle", "nouvelles"))
    noms = list(dict.fromkeys(nom for nom, _ in map(_couper, siennes) if nom))
    qui = f" ({enumeration(noms)})" if 0 < len(noms) <= NOMMEES else ""
    return f"Convenir : {', '.join(dits)}{qui}"[:150]


def parties(siennes: Iterable[Notification]) -> list[Partie]:
    """Return the parts of a mail, by organisation, each in the order of the facts; those past the limit are left out.

    Whoever belongs to one organisation alone in the mail reads its name once, in the title of each part.
    """
    gardees = a_montrer(siennes)
    resultat = []
    for organisation in dict.fromkeys(n.organisation.nom for n in gardees):
        siens = [n for n in gardees if n.organisation.nom == organisation]
        for titre, attendu in (("Ce qui vous attend", True), ("Ce qui s’est passé", False)):
            voulues = [n for n in siens if _attend(n) == attendu]
            if voulues:
                resultat.append(Partie(f"{titre}, {organisation}", _sujets(voulues)))
    return resultat


def a_montrer(siennes: Iterable[Notification]) -> list[Notification]:
    """Return the facts that the mail writes, those that await the person before the others."""
    return sorted(siennes, key=lambda n: not _attend(n))[:MONTREES]


def _attend(notification: Notification) -> bool:
    return genre(notification.genre).attend


def _couper(notification: Notification) -> tuple[str, str]:
    """Return whom a fact is about, and the fact: « Structure : demande déposée »."""
    nom, trouve, fait = notification.libelle.partition(SEPARATEUR)
    return (nom, fait) if trouve else ("", nom)


def _sujets(siennes: Iterable[Notification]) -> list[Sujet]:
    sujets: dict[str, Sujet] = {}
    for n in siennes:
        nom, fait = _couper(n)
        pages = sujets.setdefault(nom, Sujet(nom)).pages
        adresse = n.url.partition("#")[0]
        page = next((p for p in pages if p.url == adresse), None)
        if page is None:
            page = Page(adresse)
            pages.append(page)
        page.faits.append(f"{fait}. {n.texte}" if n.texte else fait)
    return list(sujets.values())
