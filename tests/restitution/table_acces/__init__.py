"""The table of addresses × roles, a file per module: `LIGNES`, and `arguments`, what each address is about."""
