"""Answers as pictures: Vega-Lite specifications by altair, drawn as PNG or SVG without a browser."""
