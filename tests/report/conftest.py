"""What all tests of reports may ask for."""

from report.chromium import browser

__all__ = ["browser"]
