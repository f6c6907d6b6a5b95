"""From certified tables to published reports: parameters, jobs, papermill, and what is up to date."""
