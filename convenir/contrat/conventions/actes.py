"""Acts of the conventions, with their words in the journal: one by move of the table, and those that move nothing."""

from __future__ import annotations

from convenir.contrat.conventions.states import TRANSITIONS
from convenir.socle.journal.actes import declarer

PASSAGES = {nom: declarer(f"conventions.{nom}", f"Convention : {t.libelle.lower()}") for nom, t in TRANSITIONS.items()}
CREER = declarer("conventions.creer", "Convention créée")
MODIFIER_TERMES = declarer("conventions.modifier_termes", "Termes d'une convention modifiés")
MODIFIER_PERIODE = declarer("conventions.modifier_periode", "Période d'une convention modifiée")
