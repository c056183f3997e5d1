"""Relit un SVG comme un lecteur le verrait : ses textes, leurs boîtes, ses coordonnées."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from convenir.socle.figures.textes import largeur_texte
from convenir.socle.figures.toile import Svg

NS = "{http://www.w3.org/2000/svg}"
TOLERANCE = 1.0


@dataclass(frozen=True)
class Boite:
    mots: str
    gauche: float
    droite: float
    haut: float
    bas: float

    def recouvre(self, autre: Boite) -> bool:
        return (
            self.gauche < autre.droite - TOLERANCE
            and autre.gauche < self.droite - TOLERANCE
            and self.haut < autre.bas - TOLERANCE
            and autre.haut < self.bas - TOLERANCE
        )


class Lu:
    def __init__(self, svg: Svg) -> None:
        self.racine = ET.fromstring(svg)
        _, _, self.largeur, self.hauteur = (float(v) for v in self.racine.get("viewBox", "").split())
        self.description = self.racine.findtext(f"{NS}desc") or ""
        self.titre = self.racine.findtext(f"{NS}title") or ""

    def textes(self) -> list[Boite]:
        return [self._boite(t) for t in self.racine.iter(f"{NS}text")]

    def _boite(self, texte: ET.Element) -> Boite:
        mots = texte.text or ""
        x, y = float(texte.get("x", "")), float(texte.get("y", ""))
        corps = float(texte.get("font-size", "13"))
        large = largeur_texte(mots, corps, texte.get("font-weight") == "700")
        debut = {"end": x - large, "middle": x - large / 2}.get(texte.get("text-anchor", ""), x)
        if texte.get("transform"):
            return Boite(mots, x - corps * 0.75, x, y - large, y)
        return Boite(mots, debut, debut + large, y - corps * 0.72, y)

    def formes(self) -> list[tuple[float, float, float, float]]:
        boites = []
        for e in self.racine.iter():
            f = {c: float(v) for c, v in e.attrib.items() if re.fullmatch(r"-?[\d.]+", v)}
            if e.tag == f"{NS}rect":
                boites.append((f["x"], f["y"], f["x"] + f["width"], f["y"] + f["height"]))
            elif e.tag == f"{NS}circle" and "class" in e.attrib and e.get("class") != "p-point":
                boites.append((f["cx"] - f["r"], f["cy"] - f["r"], f["cx"] + f["r"], f["cy"] + f["r"]))
            elif e.tag == f"{NS}line" and e.get("class") != "h-trait":
                boites.append(
                    (min(f["x1"], f["x2"]), min(f["y1"], f["y2"]), max(f["x1"], f["x2"]), max(f["y1"], f["y2"]))
                )
            elif e.tag == f"{NS}path":
                points = [tuple(map(float, p.split(","))) for p in re.findall(r"-?[\d.]+,-?[\d.]+", e.get("d", ""))]
                xs, ys = [p[0] for p in points], [p[1] for p in points]
                boites.append((min(xs), min(ys), max(xs), max(ys)))
        return boites

    def classes(self) -> set[str]:
        return {mot for e in self.racine.iter() for mot in e.get("class", "").split()}


def verifier(svg: Svg, *, recouvrements: bool = True) -> Lu:
    """Dedans, sans nombre impossible, sans deux textes l'un sur l'autre."""
    assert not re.search(r'="-?(nan|inf)', svg, re.IGNORECASE)
    assert 'style="' not in svg
    lu = Lu(svg)
    for gauche, haut, droite, bas in lu.formes():
        assert -TOLERANCE <= gauche <= droite <= lu.largeur + TOLERANCE, svg
        assert -TOLERANCE <= haut <= bas <= lu.hauteur + TOLERANCE, svg
    boites = lu.textes()
    for boite in boites:
        assert boite.gauche >= -TOLERANCE, boite
        assert boite.droite <= lu.largeur + TOLERANCE, boite
        assert boite.haut >= -TOLERANCE, boite
        assert boite.bas <= lu.hauteur + TOLERANCE, boite
    if recouvrements:
        for rang, boite in enumerate(boites):
            for autre in boites[rang + 1 :]:
                assert not boite.recouvre(autre), (boite, autre)
    return lu
