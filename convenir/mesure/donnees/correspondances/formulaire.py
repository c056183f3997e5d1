"""The form of one table of a mapping: its file, the header of each column, the codes that the format does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from convenir.mesure.donnees.correspondances.modele import ColonneChoisie, Correspondance, TableChoisie
from convenir.mesure.donnees.correspondances.tetes import LUS_D_OFFICE, codes_a_relier, colonnes_choisies
from convenir.mesure.donnees.formats import Colonne, Disposition, TypeColonne, tables_missions_locales
from convenir.socle.comptes.formulaires import FormulaireDsfr

# Columns whose value may be the same for a whole export, which then has no such column.
CONSTANTES = frozenset({"ml_id", "region_code", "dept_code"})
DATES = ("MM/JJ/AAAA", "JJ-MM-AAAA", "JJ.MM.AAAA", "AAAAMMJJ", "JJ/MM/AA")
OUI_NON = (("", "laissé vide"), ("true", "oui"), ("false", "non"))


@dataclass(frozen=True)
class Ligne:
    """A column as the page shows it: its field, its preview, what completes it."""

    colonne: Colonne
    champ: Any
    apercu: list[str]
    complements: list[Any]

    @property
    def identite(self) -> bool:
        """Whether its values are replaced on entry."""
        return self.colonne.disposition is not Disposition.GARDER


class FormulaireTable(FormulaireDsfr):
    """What is chosen for one table.

    Args:
        table: name of the table.
        tetes: headers of the deposit, by file.
        correspondance: what is chosen already.
        fichier: file whose headers are shown; that of the table by default.
    """

    fichier = forms.ChoiceField(
        label="Fichier de la table",
        required=False,
        help_text="Si vous en changez, enregistrez : ses colonnes s'affichent ensuite.",
    )

    def __init__(
        self,
        *args: Any,
        table: str,
        tetes: dict[str, Any],
        correspondance: Correspondance,
        fichier: str,
        **kwargs: Any,
    ) -> None:
        self.vue, self._tetes, self._lu = tables_missions_locales()[table], tetes, fichier
        self._correspondance = correspondance
        super().__init__(*args, **kwargs)
        self.fields["fichier"].choices = [("", "Aucun"), *((f, f) for f in tetes)]  # type: ignore[attr-defined]
        self.fields["fichier"].initial = fichier
        for colonne in self.colonnes:
            self._ajouter(colonne)

    @property
    def colonnes(self) -> list[Colonne]:
        """Columns that may be related: those whose values are kept, in some form."""
        return [c for c in self.vue.colonnes if c.disposition is not Disposition.SUPPRIMER]

    @property
    def _tete(self) -> dict[str, Any]:
        return self._tetes.get(self._lu, {"colonnes": []})

    def _ajouter(self, colonne: Colonne) -> None:
        choix = colonnes_choisies(self.vue.nom, self._tete, self._correspondance)
        deja = self._correspondance.table(self.vue.nom).colonnes.get(colonne.nom, ColonneChoisie())
        entetes = [c["nom"] for c in self._tete["colonnes"]]
        self.fields[f"c_{colonne.nom}"] = _liste(
            colonne.titre, [("", "Aucune colonne"), *((e, e) for e in entetes)], choix.get(colonne.nom, "")
        )
        if colonne.nom in CONSTANTES:
            self.fields[f"k_{colonne.nom}"] = forms.CharField(
                label=f"{colonne.titre} : même valeur pour toutes les lignes", required=False, max_length=40,
                initial=deja.constante, widget=forms.TextInput(attrs={"class": "fr-input"}),
            )  # fmt: skip
        if colonne.type in (TypeColonne.DATE, TypeColonne.HORODATAGE):
            formes = [("", "date reconnue d'elle-même"), *((f, f) for f in dict.fromkeys((*DATES, deja.date)) if f)]
            self.fields[f"d_{colonne.nom}"] = _liste(f"{colonne.titre} : écriture de la date", formes, deja.date)
        for rang, (code, lu) in enumerate(self._codes(colonne, choix.get(colonne.nom, ""), deja)):
            sens = OUI_NON if colonne.type is TypeColonne.BOOLEEN else (
                ("", "laissé vide"), *((v, v) for v in colonne.valeurs)
            )  # fmt: skip
            self.fields[f"v_{colonne.nom}_{rang}"] = _liste(f"« {code} » veut dire", sens, lu)

    def _codes(self, colonne: Colonne, entete: str, deja: ColonneChoisie) -> Iterator[tuple[str, str]]:
        """Yield the codes to relate, and how each is read so far."""
        observes: list[str] = next((c["codes"] for c in self._tete["colonnes"] if c["nom"] == entete), [])
        lus = {**deja.valeurs, **dict.fromkeys(deja.vrai, "true"), **dict.fromkeys(deja.faux, "false")}
        for code in dict.fromkeys((*codes_a_relier(colonne, observes), *lus)):
            yield code, lus.get(code, "")

    def lignes(self) -> list[Ligne]:
        """Return the columns, as the page shows them."""
        apercus = {c["nom"]: c["apercu"] for c in self._tete["colonnes"]}
        lignes = []
        for colonne in self.colonnes:
            champ = self[f"c_{colonne.nom}"]
            noms = [n for n in self.fields if n in (f"k_{colonne.nom}", f"d_{colonne.nom}")]
            noms += [n for n in self.fields if n.startswith(f"v_{colonne.nom}_")]
            lignes.append(Ligne(colonne, champ, apercus.get(champ.value() or "", []), [self[n] for n in noms]))
        return lignes

    def choisie(self) -> TableChoisie:
        """Return what was chosen, without what the format says already."""
        fichier = self.cleaned_data["fichier"]
        if fichier != self._lu:
            return TableChoisie(fichier, {})
        colonnes = {c.nom: choisie for c in self.colonnes if (choisie := self._choisie(c))}
        naturel = fichier.lower().split(".")[0] == self.vue.nom
        return TableChoisie("" if naturel else fichier, colonnes)

    def _choisie(self, colonne: Colonne) -> ColonneChoisie | None:
        lu = self.cleaned_data
        entete, constante = lu.get(f"c_{colonne.nom}") or "", (lu.get(f"k_{colonne.nom}") or "").strip()
        sens = self._sens(colonne)
        booleen = colonne.type is TypeColonne.BOOLEEN
        choisie = ColonneChoisie(
            colonne="" if entete.lower() == colonne.nom or (constante and not entete) else entete,
            constante="" if entete else constante,
            valeurs={} if booleen else {code: v for code, v in sens.items() if v},
            date=lu.get(f"d_{colonne.nom}") or "",
            vrai=tuple(code for code, v in sens.items() if v == "true") if booleen else (),
            faux=tuple(code for code, v in sens.items() if v == "false") if booleen else (),
        )
        return choisie if choisie != ColonneChoisie() else None

    def _sens(self, colonne: Colonne) -> dict[str, str]:
        prefixe = f"v_{colonne.nom}_"
        champs = [n for n in self.fields if n.startswith(prefixe)]
        codes = [str(self.fields[n].label)[2:].rsplit(" »", 1)[0].strip() for n in champs]
        return {c: self.cleaned_data.get(n, "") for c, n in zip(codes, champs, strict=True) if c not in LUS_D_OFFICE}


def _liste(libelle: str, choix: Any, initial: str) -> forms.ChoiceField:
    choix = list(choix)
    if initial and initial not in {valeur for valeur, _ in choix}:
        choix.append((initial, f"{initial} (absente de ce dépôt)"))
    return forms.ChoiceField(
        label=libelle, required=False, choices=choix, initial=initial,
        widget=forms.Select(attrs={"class": "fr-select"}),
    )  # fmt: skip
