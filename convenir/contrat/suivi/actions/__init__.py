"""Acts of the follow-up. Each checks the right, opens one transaction, writes, journals, gives the next task."""
