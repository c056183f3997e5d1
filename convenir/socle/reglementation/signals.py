"""What others may listen to.

`droit_modifie` is sent once a change of the law in data is committed (a value or a local definition added, ended or
withdrawn): what was computed with the former law is to be computed again.
"""

from django.dispatch import Signal

droit_modifie = Signal()
