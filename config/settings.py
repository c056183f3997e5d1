"""Settings read from the environment, safe by default.

In production (the default) the application refuses to start without a secret key, without the pseudonymisation key,
or with debug on. `demo` serves invented data on this machine, `poste` is the command line of one person without a
server, `test` is set by the tests (variable `CONVENIR_ENV`).
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.cles import cle

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONNEMENTS = ("production", "demo", "poste", "test")
ENVIRONNEMENT = os.environ.get("CONVENIR_ENV") or "production"
EST_PRODUCTION = ENVIRONNEMENT == "production"
DEBUG = os.environ.get("CONVENIR_DEBUG", "") == "1"

if ENVIRONNEMENT not in ENVIRONNEMENTS:
    raise ImproperlyConfigured(
        f"CONVENIR_ENV={ENVIRONNEMENT} n'est pas connu. Donnez {', '.join(ENVIRONNEMENTS)} ; rien : production."
    )
if EST_PRODUCTION and DEBUG:
    raise ImproperlyConfigured("CONVENIR_DEBUG=1 est refusé en production. Retirez-le ou donnez CONVENIR_ENV=demo.")

ALLOWED_HOSTS = [h for h in os.environ.get("CONVENIR_HOTES", "127.0.0.1,localhost").split(",") if h]

# Données sur disque : copies pseudonymisées, enregistrements Parquet, documents, ancres du journal.
DOSSIER_DONNEES = Path(os.environ.get("CONVENIR_DONNEES", BASE_DIR / "donnees")).resolve()

SECRET_KEY = cle("CONVENIR_CLE_SECRETE", ENVIRONNEMENT, DOSSIER_DONNEES)
CLE_PSEUDONYMES = cle("CONVENIR_CLE_PSEUDONYMES", ENVIRONNEMENT, DOSSIER_DONNEES)
if EST_PRODUCTION and SECRET_KEY == CLE_PSEUDONYMES:
    raise ImproperlyConfigured(
        "CONVENIR_CLE_SECRETE et CONVENIR_CLE_PSEUDONYMES sont la même. Tirez-en deux : la clé secrète se renouvelle, "
        "celle des pseudonymes reste la même à chaque import."
    )

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "widget_tweaks",
    "dsfr",
    "axes",
    "csp",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "convenir.socle.journal",
    "convenir.socle.territoires",
    "convenir.socle.organisations",
    "convenir.socle.comptes",
    "convenir.socle.reglementation",
    "convenir.socle.taches",
    "convenir.socle.documents",
    "convenir.socle.archives",
    "convenir.mesure.donnees",
    "convenir.mesure.indicateurs",
    "convenir.contrat.conventions",
    "convenir.contrat.objectifs",
    "convenir.contrat.dossiers",
    "convenir.contrat.suivi",
    "convenir.contrat.travaux",
    "convenir.restitution.portail",
    "convenir.restitution.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "convenir.socle.comptes.middleware.SansCaractereNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "convenir.socle.journal.requete.IdentifiantDeRequete",
    "convenir.socle.comptes.middleware.ActeurCourant",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "convenir.restitution.portail.contexte.portail",
            ],
            "builtins": [f"convenir.restitution.portail.templatetags.{nom}" for nom in ("francais", "tableaux")],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DOSSIER_DONNEES / 'convenir.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "prenom", "nom")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "convenir.socle.comptes.mots_de_passe.RegleCnil"},
]
LOGIN_URL = "comptes:connexion"
LOGIN_REDIRECT_URL = "portail:accueil"
LOGOUT_REDIRECT_URL = "comptes:connexion"
INVITATION_JOURS = int(os.environ.get("CONVENIR_INVITATION_JOURS", "7"))
PASSWORD_RESET_TIMEOUT = 24 * 3600
AXES_FAILURE_LIMIT = 10
AXES_RESET_ON_SUCCESS = True
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "comptes/verrouille.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Pages déjà rendues d'un instantané figé : dans la mémoire de chaque processus.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 500}}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "statiques/"
STATIC_ROOT = Path(os.environ.get("CONVENIR_STATIQUES", DOSSIER_DONNEES / "statiques"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DOSSIER_DONNEES}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if EST_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not EST_PRODUCTION
if not EST_PRODUCTION:
    # Hors production les feuilles sont servies depuis les paquets : rien à collecter.
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# Un envoi de livraison passe par un fichier temporaire, supprimé à la fin de l'import (décisions, § 1).
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Signer dans l'application est fermé par défaut (décisions, § 10) ; son niveau est imprimé sur l'acte.
SIGNATURE_DANS_APPLICATION = os.environ.get("CONVENIR_SIGNATURE_APPLICATION", "") == "1"
LIVRAISON_TAILLE_MAX = int(os.environ.get("CONVENIR_LIVRAISON_TAILLE_MAX", str(8 * 1024**3)))

# Le DSFR est réservé aux sites de l'État : CONVENIR_MARQUE_ETAT=0 retire le bloc-marque et la police Marianne.
MARQUE_ETAT = os.environ.get("CONVENIR_MARQUE_ETAT", "1") == "1"
# La démonstration pose ce repère à côté de ses données : elles restent dites fictives, quelle que soit la commande.
REPERE_FICTIF = DOSSIER_DONNEES / "DONNEES-FICTIVES"
DONNEES_FICTIVES = ENVIRONNEMENT in {"demo", "test"} or REPERE_FICTIF.exists()
DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_MARK_OPTIONAL_FIELDS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "convenir.restitution.portail.views.erreurs.page_expiree"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = EST_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if EST_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = EST_PRODUCTION
SECURE_SSL_REDIRECT = EST_PRODUCTION and os.environ.get("CONVENIR_REDIRECTION_HTTPS", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("CONVENIR_DERRIERE_PROXY") else None
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CONVENIR_ORIGINES", "").split(",") if o]

EMAIL_BACKEND = os.environ.get("CONVENIR_EMAIL", "django.core.mail.backends.console.EmailBackend")
EMAIL_TIMEOUT = 10
# Les courriels partent d'une tâche planifiée, sans requête : l'adresse du site leur est donnée.
ADRESSE_PUBLIQUE = os.environ.get(
    "CONVENIR_ADRESSE", f"http{'s' if EST_PRODUCTION else ''}://{ALLOWED_HOSTS[0]}"
).rstrip("/")
DEFAULT_FROM_EMAIL = os.environ.get("CONVENIR_EXPEDITEUR", "ne-pas-repondre@convenir.invalid")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CONVENIR_JOURNALISATION", "WARNING")},
}
