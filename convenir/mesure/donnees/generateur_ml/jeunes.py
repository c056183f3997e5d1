"""The youths of a département: one rank for each youth and mission locale, as parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import debuts_de_mois, mois_des_jours
from convenir.mesure.donnees.generateur_ml.fenetre import ANCIENNETE_MAXIMALE, Fenetre, jour_ouvre
from convenir.mesure.donnees.generateur_ml.marges import au_titre_de, marges, tirer
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale

# A person's number holds the rank of the département (7 bits) and a rank inside it; travellers have their own range.
BITS_DE_RANG = 24
PREMIER_VOYAGEUR = 1 << 23
AN = 365.25
MOIS_A_26_ANS = 26 * 12
MARGE_DE_FIN = 40
PART_AVEC_ACTUALITE = 0.935  # of the files open on 1 January, share with an event in the year (measured)


@dataclass(frozen=True)
class Jeunes:
    """Parallel arrays, sorted by mission locale; days are counts since 1970."""

    personne: np.ndarray
    ml: np.ndarray
    femme: np.ndarray
    naissance: np.ndarray
    """First day of the month of birth."""
    creation: np.ndarray
    fin: np.ndarray
    """Last day of activity, in the period."""
    limite: np.ndarray
    """Day before the month of the 26th birthday: nothing happens later."""
    niveau: np.ndarray
    diplome: np.ndarray
    a_distance: np.ndarray
    intensite: np.ndarray
    voyageur: np.ndarray

    def __len__(self) -> int:
        return len(self.personne)

    def prendre(self, rangs: np.ndarray) -> Jeunes:
        """Return the youths of these ranks."""
        return Jeunes(**{f.name: getattr(self, f.name)[rangs] for f in fields(self)})

    @property
    def peu_qualifie(self) -> np.ndarray:
        """Levels VI and Vbis, or V without its diploma, when the file opens."""
        return np.asarray((self.niveau < NIVEAU_V) | ((self.niveau == NIVEAU_V) & ~self.diplome))


NIVEAU_V = 2  # rank in the list of levels


@dataclass(frozen=True)
class _Identite:
    personne: np.ndarray
    ml: np.ndarray
    femme: np.ndarray
    naissance: np.ndarray
    creation: np.ndarray
    fin: np.ndarray
    voyageur: np.ndarray


def tirer_jeunes(
    rng: np.random.Generator, missions: tuple[MissionLocale, ...], rang: int, fenetre: Fenetre, echelle: float,
    passants: list[tuple[int, int, bool]], graine: int,
) -> Jeunes:  # fmt: skip
    """Draw the youths of a département.

    Args:
        rang: rank of the département in the country.
        echelle: share of the youths of the country to draw.
        passants: rank of a neighbouring département, number of youths it shares with this one, whether this one comes
            second; see `lot.py`.
    """
    morceaux = [_residents(rng, missions, rang, fenetre, echelle)]
    morceaux += [
        _voyageurs(origine, nombre, second, missions, fenetre, graine)
        for origine, nombre, second in passants
        if nombre
    ]
    groupe = _reunir(morceaux)
    groupe = _reunir([groupe, _doubles(rng, groupe, len(missions), fenetre)])
    ordre = np.argsort(groupe.ml, kind="stable")
    return _completer(rng, _choisir(groupe, ordre))


def _choisir(groupe: _Identite, rangs: np.ndarray) -> _Identite:
    return _Identite(**{f.name: getattr(groupe, f.name)[rangs] for f in fields(_Identite)})


def _reunir(morceaux: list[_Identite]) -> _Identite:
    return _Identite(**{f.name: np.concatenate([getattr(m, f.name) for m in morceaux]) for f in fields(_Identite)})


def effectifs_vises(annee: int) -> tuple[float, float]:
    """Files already open on 1 January, and files opened in a year, for the whole country."""
    arrivees = au_titre_de("premiers_accueils", annee) / 0.975
    return (au_titre_de("jeunes_en_contact", annee) - arrivees) / PART_AVEC_ACTUALITE, arrivees


def _residents(
    rng: np.random.Generator, missions: tuple[MissionLocale, ...], rang: int, fenetre: Fenetre, echelle: float
) -> _Identite:
    poids = np.array([m.poids for m in missions]) * echelle
    stock, arrivees = effectifs_vises(fenetre.annees[-1])
    anciens = np.rint(stock * poids).astype(int)
    nouveaux = np.rint(arrivees * poids * fenetre.duree).astype(int)
    ml = np.concatenate([np.repeat(np.arange(len(missions)), anciens), np.repeat(np.arange(len(missions)), nouveaux)])
    ancien = np.arange(len(ml)) < anciens.sum()
    naissance, creation = _dates(rng, ancien, fenetre)
    limite = _limite(naissance)
    return _Identite(
        personne=(rang << BITS_DE_RANG) + np.arange(len(ml), dtype=np.int64),
        ml=ml.astype(np.int16),
        femme=rng.random(len(ml)) < au_titre_de("femmes_pct", fenetre.annees[-1]) / 100,
        naissance=naissance,
        creation=creation,
        fin=_fin(rng, ancien, creation, limite, fenetre),
        voyageur=np.zeros(len(ml), bool),
    )


def _dates(rng: np.random.Generator, ancien: np.ndarray, fenetre: Fenetre) -> tuple[np.ndarray, np.ndarray]:
    """Month of birth and day the file opens: files are opened from 16 to 25."""
    nombre = len(ancien)
    arrivee = fenetre.poser(rng, fenetre.arrivees, np.full(nombre, fenetre.debut), np.full(nombre, fenetre.fin))
    ages = AN * (16.1 + 0.955 * (tirer(rng, marges()["ages"], nombre) + rng.random(nombre)))
    reste = AN * 26 - ages - MARGE_DE_FIN - 31
    anciennete = np.minimum(
        rng.exponential(marges()["presence_moyenne_ans"] * AN, nombre), 0.97 * np.maximum(reste, 3)
    )
    anciennete = np.minimum(anciennete + 1, ANCIENNETE_MAXIMALE - 400)
    creation = np.where(ancien, jour_ouvre((fenetre.debut - anciennete).astype(np.int64)), arrivee)
    return debuts_de_mois(mois_des_jours((creation - ages).astype(np.int64))), creation


def _limite(naissance: np.ndarray) -> np.ndarray:
    return debuts_de_mois(mois_des_jours(naissance) + MOIS_A_26_ANS) - 1


def _fin(
    rng: np.random.Generator, ancien: np.ndarray, creation: np.ndarray, limite: np.ndarray, fenetre: Fenetre
) -> np.ndarray:
    """Last day of activity: many newcomers hardly come back; the others stay about two years."""
    nombre = len(creation)
    duree = rng.exponential(marges()["presence_moyenne_ans"] * AN * 1.15, nombre) + 20
    bref = ~ancien & (rng.random(nombre) < marges()["un_seul_accueil"])
    duree = np.where(bref, rng.exponential(25, nombre), duree)
    depuis = np.where(ancien, fenetre.debut + 10, creation)
    voulu = np.minimum(np.minimum((depuis + duree).astype(np.int64), limite), fenetre.fin)
    return np.maximum(voulu, creation)


def _voyageurs(
    origine: int, nombre: int, second: bool, missions: tuple[MissionLocale, ...], fenetre: Fenetre, graine: int
) -> _Identite:
    """Youths known in two départements: the same identities, whichever of the two is being drawn."""
    identites = np.random.default_rng([graine, origine, fenetre.debut, 7])
    femme = identites.random(nombre) < 0.5
    age = AN * identites.uniform(17.6, 23, nombre)
    naissance = debuts_de_mois(mois_des_jours((fenetre.debut - age).astype(np.int64)))
    rng = np.random.default_rng([graine, origine, fenetre.debut, 8, int(second)])
    delai = rng.integers(5, 300, nombre)
    ouvert = fenetre.debut + delai if second else fenetre.debut - delai
    creation = jour_ouvre(np.minimum(ouvert, fenetre.fin - 3))
    limite = _limite(naissance)
    return _Identite(
        personne=(origine << BITS_DE_RANG) + PREMIER_VOYAGEUR + np.arange(nombre, dtype=np.int64),
        ml=rng.integers(0, len(missions), nombre).astype(np.int16),
        femme=femme,
        naissance=naissance,
        creation=creation,
        fin=_fin(rng, np.full(nombre, not second), creation, limite, fenetre),
        voyageur=np.ones(nombre, bool),
    )


def _doubles(rng: np.random.Generator, groupe: _Identite, missions: int, fenetre: Fenetre) -> _Identite:
    """Second files, in another mission locale of the département."""
    possible = ~groupe.voyageur & (_limite(groupe.naissance) > fenetre.debut + 400) & (missions > 1)
    choisis = np.flatnonzero(possible)
    choisis = choisis[rng.random(len(choisis)) < marges()["deux_missions_locales"]]
    g = _choisir(groupe, choisis)
    decalage = rng.integers(1, max(missions, 2), len(choisis))
    creation = jour_ouvre(np.minimum(g.creation + rng.integers(30, 400, len(choisis)), fenetre.fin - 3))
    limite = _limite(g.naissance)
    creation = np.maximum(np.minimum(creation, limite - MARGE_DE_FIN), g.creation)
    ancien = creation < fenetre.debut
    return _Identite(
        g.personne, ((g.ml + decalage) % missions).astype(np.int16), g.femme, g.naissance, creation,
        _fin(rng, ancien, creation, limite, fenetre), g.voyageur,
    )  # fmt: skip


def _completer(rng: np.random.Generator, g: _Identite) -> Jeunes:
    """Draw what a file says of the youth."""
    nombre, m = len(g.personne), marges()
    niveau = tirer(rng, m["niveaux"], nombre)
    parts = np.array([m["diplome"][code] for code in m["niveaux"]])
    forme = m["actualites"]["dispersion"]
    return Jeunes(
        **{f.name: getattr(g, f.name) for f in fields(_Identite)},
        limite=_limite(g.naissance),
        niveau=niveau,
        diplome=rng.random(nombre) < parts[niveau],
        a_distance=rng.random(nombre) < m["actualites"]["a_distance"],
        intensite=rng.gamma(forme, 1 / forme, nombre),
    )
