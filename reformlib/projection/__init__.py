"""Projections as predictive distributions: see `reformlib.projection.model`."""

from reformlib.projection.model import FAMILIES, Forecast, forecast

__all__ = ["FAMILIES", "Forecast", "forecast"]
