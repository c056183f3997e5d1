"""What others may listen to."""

from django.dispatch import Signal

# Sent once a calculation is committed, with `instantane`: pages and tasks now read it.
instantane_calcule = Signal()
