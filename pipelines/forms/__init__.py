"""Forms that write what evaluators decide. JupyterLab only: nothing else imports this package, nor ipywidgets."""
