"""The breakdowns of annexe 2 recomputed in plain Python: what is known of the youth the day of each event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from tests.mesure.indicateurs_ml.naif import Cadre, Ligne, Naif, Tables, chiffres, qui, stocks

Cle = tuple[str, str, str]
# A company, a sponsor, a sponsorship that lasts: not events of a youth on a day.
SANS_JOUR = ("ENT03", "ENT03a", "ENT04", "ENT05", "ENT06", "RES04j")
NIVEAUX = {
    "2012": {"VI": "VI", "Vbis": "Vbis", "V": "V", "IV": "IV"},
    "2026": {"VI": "infra_3", "Vbis": "infra_3", "V": "3", "IV": "4"},
}
AGES = {"16_17": (16, 17), "18_21": (18, 21), "22_25": (22, 25)}


def age(naissance: date, jour: date) -> int:
    return jour.year - naissance.year - ((jour.month, jour.day) < (naissance.month, naissance.day))


def modalites(n: Naif, d: tuple[str, str], jour: date) -> Iterator[tuple[str, str]]:
    """Every modality in which a youth stands that day; none in a breakdown where nothing is known."""
    jeune, etat = n.jeunes[d], n.etat(d, jour)
    yield "sexe", {"F": "femme", "H": "homme"}[str(jeune["sexe"])]
    yield from (("age", m) for m, (bas, haut) in AGES.items() if bas <= age(jeune["naissance_mois"], jour) <= haut)  # type: ignore[arg-type]
    if etat.get("niveau"):
        yield "niveau_formation", NIVEAUX[n.cadre.code][str(etat["niveau"])]
    if etat.get("diplome_obtenu") is not None:
        yield "diplome", "oui" if etat["diplome_obtenu"] else "non"
    if etat.get(n.cadre.zone):
        yield "zus_qpv", "oui"
    if etat.get("zrr"):
        yield "zrr_frr", "oui"


def par_etat(n: Naif, mls: set[str]) -> Counter[Cle]:
    """Counts by sex, age, level, diploma, area: persons once in each modality, events each time."""
    lus: Counter[Cle] = Counter()
    for code, personnes in n.personnes().items():
        if code not in SANS_JOUR:
            une_fois = {(x[0], *((x[1],) if code == "ACT02a" else ()), *m)
                        for x in personnes if x[1] in mls for m in modalites(n, x[:2], x[2])}  # fmt: skip
            lus.update((code, *x[-2:]) for x in une_fois)
    for code, evenements in n.evenements().items():
        if code not in SANS_JOUR:
            lus.update((code, *m) for ml, _, j, jour in evenements if ml in mls for m in modalites(n, (j, ml), jour))
    return lus


def des_stocks(n: Naif, mls: set[str]) -> Counter[Cle]:
    """Stocks of the day by the same."""
    lus: Counter[Cle] = Counter()
    for code, dossiers in n.stocks().items():
        une_fois = {(d[0], *m) for d in dossiers if d[1] in mls for m in modalites(n, d, n.d1)}
        lus.update((code, *x[1:]) for x in une_fois)
    return lus


def par_dispositif(tables: Tables, d0: date, d1: date, mls: set[str], cadre: Cadre) -> Counter[Cle]:
    """Entries, exits and presence, programme by programme: as if there were no other."""
    n, lus = Naif(tables, d0, d1, cadre), Counter[Cle]()
    for nom in {n.nom(p) for p in tables["parcours"]} - {""}:
        seul = {**tables, "parcours": [p for p in tables["parcours"] if n.nom(p) == nom]}
        comptes = chiffres(seul, d0, d1, mls, cadre) | stocks(seul, d1, mls, cadre)
        concernes = {
            c: v for c, v in comptes.items() if c.startswith(("ACT03", "ACT04", "ACT05", "ACT11", "RES03", "RES04n"))
        }
        lus.update({(c, "dispositif", nom): int(v) for c, v in concernes.items()})
    return lus


def par_site(tables: Tables, d0: date, d1: date, ml: str, sites: Iterable[str], cadre: Cadre) -> Counter[Cle]:
    """Contacts and interviews, site by site; the first interview is that of the mission locale, where it was."""
    lus, premiers = Counter[Cle](), Counter[Cle]()
    n = Naif(tables, d0, d1, cadre)
    for site in sites:
        vus: list[Ligne] = [a for a in tables["actualite"] if a["site_id"] == site]
        comptes: dict[str, Decimal] = chiffres({**tables, "actualite": vus}, d0, d1, {ml}, cadre)
        lus.update({(c, "site", site): int(comptes[c]) for c in ("ACT01", "ACT02", "ACT06")})
        recus = {(qui(a), a["date_evt"]) for a in n.recus() if a["site_id"] == site}
        premiers["ACT02a", "site", site] = sum((x[:2], x[2]) in recus for x in n.personnes()["ACT02a"] if x[1] == ml)
    return lus + premiers
