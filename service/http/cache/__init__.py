"""What is kept between requests: releases, scorers, rendered replies."""
