"""OpenBB Workspace: widgets, a dashboard of them, and data in the forms that its widgets take."""
