"""Alerts: whoever asked is told what moved."""
