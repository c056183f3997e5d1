"""Spark, for the tests that compare engines: one session for the whole run."""

import os
import shutil

import pytest

# A few thousand rows: compiling each plan would take longer than reading it.
PETITES_DONNEES = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="session")
def spark():
    """Start Spark; without it these tests are skipped, saying so, except in CI where its absence is a failure."""
    manque = ""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        manque = "Java 17 est absent : l'égalité des moteurs n'est pas éprouvée."
    try:
        import pyspark  # noqa: F401
    except ImportError:
        manque = "pyspark est absent : l'égalité des moteurs n'est pas éprouvée."
    if manque:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(manque)
    from convenir.mesure.indicateurs.moteurs.spark import session

    ouverte = session(PETITES_DONNEES)
    yield ouverte
    ouverte.stop()
