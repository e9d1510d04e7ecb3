"""Projections as predictive distributions: see `reformlib.project.law`."""

from reformlib.project.law import FAMILIES, Forecast, forecast

__all__ = ["FAMILIES", "Forecast", "forecast"]
