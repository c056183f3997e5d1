"""La page des conventions dit toutes les gardes, celles des autres salles comprises."""

from __future__ import annotations

from outils.ecrire_cycle import PAGE, lectures, lignes


def test_la_table_des_transitions_de_la_documentation_est_celle_du_code():
    assert "objectifs clos" in lignes(), "les gardes des objectifs sont inscrites"
    assert lignes() in PAGE.read_text("utf-8")


def test_ce_que_chacun_lit_d_un_etat_est_dit_dans_la_documentation_comme_dans_le_code():
    assert "Avenant : à signer" in lectures()
    assert lectures() in PAGE.read_text("utf-8")
