"""Settings of Prefect, deployments, automations, and the state of the landing folder."""
