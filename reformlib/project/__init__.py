"""Projections as predictive distributions: see `reformlib.project.law`."""

from reformlib.project.law import Forecast, forecast
from reformlib.project.window import FAMILIES

__all__ = ["FAMILIES", "Forecast", "forecast"]
