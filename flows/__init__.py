"""Prefect flows, tasks, artifacts and the command line: the only package that imports Prefect."""
