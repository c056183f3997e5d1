"""Random records: the engine agrees with plain Python, sums hold from level to level, order changes nothing."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenir.mesure.indicateurs.calcul import Calcul, ecrire_csv
from tests.mesure.indicateurs.fabrique import Registre, lire
from tests.mesure.indicateurs.naif import Naif, arrondi

EXTRACTION = date(2026, 1, 15)
DEPARTEMENTS = ("022", "029", "035", "056", "044")
SORTIES = ("durable", "transition", "positive", "autre", "motif_inconnu")
essais = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def registre(graine: int) -> Registre:
    """A small world: SIAE of every category, annexes with versions, persons in several SIAE, gaps and overlaps."""
    h = random.Random(graine)
    r = Registre()
    identites = [(f"personne-{n}", h.choice("HF"), f"{h.randrange(1960, 2006)}-01") for n in range(18)]
    for pph in range(1, 31):
        cle, sexe, naissance = h.choice(identites)
        r.personne(cle, pph=pph, sexe=sexe, naissance=naissance)
    for structure in range(1, h.randrange(3, 8)):
        mesure = h.choice(["ACI", "EI", "AI", "ETTI", "EITI"])
        departement = h.choice(DEPARTEMENTS)
        annexes = []
        for annee in (2024, 2025):
            for etat in h.sample(["VALIDE", "HISTORISE", "PROVISOIRE", "CLOTURE"], h.randrange(1, 4)):
                cle = r.annexe(
                    structure, mesure=f"{mesure}_DC", departement=departement, annee=annee, etat=etat,
                    identifiant=structure * 10 + annee - 2024, etp=f"{h.randrange(0, 2000) / 100}",
                    debut=date(annee, h.randrange(1, 4), 1), fin=date(annee, h.randrange(6, 13), 28),
                    heures_etp=h.choice([None, "1820", "1607", "1600"]),
                    af_numero_avenant_modification=h.randrange(3),
                )  # fmt: skip
                annexes.append((annee, cle))
        for pph in h.sample(range(1, 31), h.randrange(1, 8)):
            for _ in range(h.randrange(1, 4)):
                debut = date(2024, 1, 1) + timedelta(days=h.randrange(650))
                fin = debut + timedelta(days=h.choice([3, 30, 89, 90, 91, 92, 200, 400]))
                ctr = r.contrat(
                    pph, debut, h.choice([fin, fin, None]), structure=structure, mesure=f"{mesure}_DC",
                    motif=h.choice(["3", "10", "5", "7", "17", "99", None]),
                )  # fmt: skip
                for annee, cle in set(annexes):
                    for mois in h.sample(range(1, 13), h.randrange(4)):
                        for version in range(1, h.randrange(2, 4)):
                            r.mois(
                                cle,
                                pph,
                                ctr,
                                annee,
                                mois,
                                f"{h.choice([0, 0.5, 60, 149.99, 152.33])}",
                                version=version,
                            )
    return r


@contextmanager
def calcul(r: Registre) -> Iterator[Calcul]:
    with tempfile.TemporaryDirectory() as dossier, r.calculer(Path(dossier), 2025, extraction=EXTRACTION) as fait:
        yield fait


@essais
@given(st.integers(0, 10**9))
def test_le_moteur_dit_la_meme_chose_que_le_python_naif(graine):
    r = registre(graine)
    naif = Naif(r)
    conventionnes, realises = naif.etp()
    presents, sorties = naif.presents(), naif.sorties()
    with calcul(r) as fait:
        codes = fait.base.execute("SELECT DISTINCT niveau, code FROM valeurs").fetchall()
        lus = {(n, c): lire(fait, n, c) for n, c in codes if n in {"siae", "departement"}}
        lus |= {
            ("region", c): lire(fait, "region", c) for n, c in codes if n == "region" and fait.perimetre.couvre(n, c)
        }
    for territoire, v in lus.items():
        if territoire in conventionnes:
            assert v.get("iae.etp.conventionnes", "2025").valeur == arrondi(conventionnes[territoire])
        if territoire in realises:
            assert v.get("iae.etp.realises", "2025").valeur == arrondi(realises[territoire])
        if territoire in presents:
            assert v.get("iae.publics.presents", "2025").valeur == len(presents[territoire])
        attendues = sorties.get(territoire, {})
        for nom in ("constatees", *SORTIES):
            assert (v.get(f"iae.sorties.{nom}", "2025").valeur or 0) == attendues.get(nom, 0), nom
        for nom in ("duree", "heures", "retrait"):
            exclue = v.get("iae.sorties.exclues", "2025", "motif_exclusion", nom).valeur or 0
            assert exclue == attendues.get(nom, 0), nom


@essais
@given(st.integers(0, 10**9))
def test_les_sommes_se_conservent_et_les_parts_restent_sous_le_tout(graine):
    r = registre(graine)
    with calcul(r) as fait:
        liens = fait.base.execute("SELECT siae, departement FROM siae").fetchall()
        siae = {s: lire(fait, "siae", s) for s, _ in liens}
        departements = {d: lire(fait, "departement", d) for _, d in liens}
    for departement, v in departements.items():
        siens = [siae[s] for s, d in liens if d == departement]
        for code in ("iae.sorties.examinees", "iae.sorties.dynamique", "iae.aide.allouee", "iae.etp.mois_saisis"):
            somme = sum((x.get(code, "2025").valeur or Decimal(0) for x in siens), Decimal(0))
            assert (v.get(code, "2025").valeur or 0) == somme, code
        for code in ("iae.etp.conventionnes", "iae.etp.realises"):
            somme = sum((x.get(code, "2025").valeur or Decimal(0) for x in siens), Decimal(0))
            assert abs((v.get(code, "2025").valeur or 0) - somme) <= Decimal("0.000001") * len(siens), code
        presents = [x.get("iae.publics.presents", "2025").valeur or 0 for x in siens]
        assert max(presents) <= (v.get("iae.publics.presents", "2025").valeur or 0) <= sum(presents)
    for v in [*siae.values(), *departements.values()]:
        _coherent(v)


def _coherent(v):
    def lu(code, *cle):
        return v.get(code, "2025", *cle).valeur or Decimal(0)

    s = {nom: lu(f"iae.sorties.{nom}") for nom in ("constatees", "exclues", "examinees", "dynamique", *SORTIES)}
    assert s["constatees"] == s["examinees"] + s["exclues"]
    assert s["durable"] + s["transition"] + s["positive"] == s["dynamique"]
    assert s["dynamique"] + s["autre"] + s["motif_inconnu"] == s["examinees"]
    for ventilation in ("sexe", "age", "niveau_formation"):
        assert sum(x.valeur or 0 for x in v.modalites("iae.publics.presents", "2025", ventilation)) <= lu(
            "iae.publics.presents"
        )
    assert sum(x.valeur or 0 for x in v.modalites("iae.sorties.motif", "2025", "motif_sortie")) == s["constatees"]
    for part in (
        x for x in v if x.unite == "%" and x.indicateur != "iae.etp.taux_realisation" and x.valeur is not None
    ):
        assert 0 <= part.valeur <= 100
    assert lu("iae.aide.utilisee") <= lu("iae.aide.allouee") + Decimal("0.50")


@settings(essais, max_examples=8)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_lordre_des_lignes_ne_change_rien(graine, melange):
    r = registre(graine)
    empreintes = []
    for _ in range(2):
        with calcul(r) as fait:
            empreintes.append(ecrire_csv(fait, fait.temporaire / "v.csv"))
        for lignes in r.lignes.values():
            melange.shuffle(lignes)
    assert empreintes[0] == empreintes[1]


@pytest.mark.parametrize("graine", [1, 2])
def test_deux_calculs_les_memes_octets(graine, tmp_path):
    r = registre(graine)
    for nom in ("a", "b"):
        with calcul(r) as fait:
            ecrire_csv(fait, tmp_path / nom)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
