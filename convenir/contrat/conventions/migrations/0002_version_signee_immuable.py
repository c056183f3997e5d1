"""The database itself refuses to change a signed version, whoever writes."""

from typing import Any

from django.db import migrations

MESSAGE = "Une version signée ne se modifie pas."
SQLITE = (
    "CREATE TRIGGER version_signee_immuable BEFORE UPDATE ON conventions_version WHEN OLD.etat = 'signee' "
    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
)
FONCTION = (
    "CREATE FUNCTION version_signee_immuable() RETURNS trigger AS $$ "
    f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
)
DECLENCHEUR = (
    "CREATE TRIGGER version_signee_immuable BEFORE UPDATE ON conventions_version FOR EACH ROW "
    "WHEN (OLD.etat = 'signee') EXECUTE FUNCTION version_signee_immuable()"
)


def poser(apps: Any, editor: Any) -> None:
    ordres = [SQLITE] if editor.connection.vendor == "sqlite" else [FONCTION, DECLENCHEUR]
    for ordre in ordres:
        editor.execute(ordre)


def lever(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER version_signee_immuable")
    else:
        editor.execute("DROP TRIGGER version_signee_immuable ON conventions_version")
        editor.execute("DROP FUNCTION version_signee_immuable()")


class Migration(migrations.Migration):
    dependencies = [("conventions", "0001_initial")]
    operations = [migrations.RunPython(poser, lever)]
