"""The Prefect server: settings, deployments, automations; and the state of the landing folder for the watcher."""
