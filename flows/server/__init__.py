"""The Prefect server: settings, password, guard of requests, deployments, automations; and the landing folder."""
