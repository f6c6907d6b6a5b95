"""Les rapports dans Airflow 3 : données préparées, un notebook par tâche avec l'opérateur de papermill, puis les pages.

À changer : OSE (le dossier du projet), COPIES (où écrire les notebooks exécutés), CONTRAT, NOTEBOOKS, DESTINATAIRE,
l'heure.
Installer :
1. dans l'environnement d'Airflow : pip install apache-airflow-providers-papermill apache-airflow-providers-smtp ;
2. le noyau du projet, sous le nom « ose-airflow » (celui d'Airflow ne connaît pas nos fonctions) :
   /opt/ose/.venv/bin/python -m ipykernel install --name ose-airflow ;
3. copier ce fichier dans le dossier des DAG ; pour le courriel, la connexion « smtp_default » d'Airflow.
Essayer : airflow dags test ose. Défaire : enlever le fichier, puis airflow dags delete ose.
"""

from datetime import timedelta

import pendulum
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.smtp.notifications.smtp import send_smtp_notification
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

OSE = "/opt/ose"
COPIES = "/var/lib/airflow/ose"
CONTRAT = "valenciennes"
NOTEBOOKS = ("2_suivi_programmation", "7_rapport_annuel")
DESTINATAIRE = "mission-ose@example.org"

with DAG(
    dag_id="ose",
    schedule="30 5 * * 1-5",
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Paris"),
    catchup=False,
    # Deux constructions ne tiennent pas ensemble dans un dossier de sortie.
    max_active_runs=1,
    default_args={
        "execution_timeout": timedelta(hours=2),
        "on_failure_callback": send_smtp_notification(
            to=DESTINATAIRE, subject="Echec de {{ ti.task_id }}", html_content="Journal : {{ ti.log_url }}"
        ),
    },
):
    donnees = BashOperator(
        task_id="donnees",
        bash_command=f"mkdir -p {COPIES} && cd {OSE} && .venv/bin/ose check --contrat {CONTRAT}",
    )
    # Airflow montre quel notebook échoue, et relance lui seul. Sans `annee`, c'est la dernière du contrat.
    notebooks = [
        PapermillOperator(
            task_id=nom,
            input_nb=f"{OSE}/notebooks/{nom}.ipynb",
            output_nb=f"{COPIES}/{nom}.ipynb",
            parameters={"contrat": CONTRAT},
            kernel_name="ose-airflow",
        )
        for nom in NOTEBOOKS
    ]
    # Les pages viennent d'une construction, qui exécute de nouveau ce qui a changé et note la provenance.
    pages = BashOperator(
        task_id="pages",
        bash_command=f"cd {OSE} && .venv/bin/ose build --quiet --contrat {CONTRAT} {' '.join(NOTEBOOKS)}",
    )
    donnees >> notebooks >> pages
