"""Commands about what scores rest on: releases, working tables, overlays, methodologies."""
