"""The fiche of a mission locale: assembled once, shown as a page, a workbook, a JSON and an API answer."""
